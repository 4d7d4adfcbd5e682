CREATE TABLE `bookmarks` (
	`name` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL
);
