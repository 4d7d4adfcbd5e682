CREATE TABLE `alert_choices` (
	`id` text PRIMARY KEY NOT NULL,
	`kinds` text NOT NULL,
	`locale` text NOT NULL,
	`worked_at` integer,
	FOREIGN KEY (`id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `alert_mails` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`tries` integer NOT NULL,
	`next_try_at` integer NOT NULL,
	`sent_at` integer,
	`given_up_at` integer,
	`fault` text,
	`said` text,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `alert_mails_one_open` ON `alert_mails` (`user_id`) WHERE sent_at is null and given_up_at is null;--> statement-breakpoint
CREATE INDEX `alert_mails_of_person` ON `alert_mails` (`user_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `alert_mails_due` ON `alert_mails` (`next_try_at`) WHERE sent_at is null and given_up_at is null;--> statement-breakpoint
CREATE TABLE `alert_matters` (
	`user_id` text NOT NULL,
	`key` text NOT NULL,
	`kind` text NOT NULL,
	`payment_id` text,
	`fault` text,
	`raised_at` integer NOT NULL,
	`mail_id` text,
	PRIMARY KEY(`user_id`, `key`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `alert_matters_of_mail` ON `alert_matters` (`mail_id`);--> statement-breakpoint
CREATE INDEX `alert_matters_unmailed` ON `alert_matters` (`user_id`) WHERE mail_id is null;--> statement-breakpoint
ALTER TABLE `merchants` ADD `prompt_limits` text;--> statement-breakpoint
ALTER TABLE `merchants` ADD `limits_version` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `merchants` ADD `retention_days` integer;--> statement-breakpoint
ALTER TABLE `merchants` ADD `retention_version` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `payments` ADD `aged_out_at` integer;--> statement-breakpoint
CREATE INDEX `payments_to_age_out` ON `payments` (`merchant_id`,`environment`,`created_at`,`id`) WHERE aged_out_at is null;