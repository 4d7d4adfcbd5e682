CREATE TABLE "bookmarks" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"at" bigint NOT NULL
);
