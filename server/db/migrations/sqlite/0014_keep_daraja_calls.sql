CREATE TABLE `daraja_calls` (
	`id` text PRIMARY KEY NOT NULL,
	`environment` text NOT NULL,
	`attempt_id` text NOT NULL,
	`call` text NOT NULL,
	`at` integer NOT NULL,
	`took_ms` integer NOT NULL,
	`status` integer,
	`sent_sealed` text NOT NULL,
	`answer_sealed` text,
	`fault` text
);
--> statement-breakpoint
CREATE INDEX `daraja_calls_of_attempt` ON `daraja_calls` (`attempt_id`,`id`);