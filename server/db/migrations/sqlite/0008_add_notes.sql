CREATE TABLE `notes` (
	`id` text PRIMARY KEY NOT NULL,
	`payment_id` text NOT NULL,
	`environment` text NOT NULL,
	`at` integer NOT NULL,
	`user_id` text NOT NULL,
	`author` text NOT NULL,
	`text_sealed` text NOT NULL,
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `notes_of_payment` ON `notes` (`payment_id`,`id`);