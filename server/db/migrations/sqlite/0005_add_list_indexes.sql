DROP INDEX `payments_newest`;--> statement-breakpoint
DROP INDEX `payments_by_status`;--> statement-breakpoint
CREATE INDEX `payments_by_amount` ON `payments` (`merchant_id`,`environment`,`amount_cents`,`id`);--> statement-breakpoint
CREATE INDEX `payments_by_flags` ON `payments` (`merchant_id`,`environment`,`flags`,`id`) WHERE flags <> '[]';--> statement-breakpoint
CREATE INDEX `payments_newest` ON `payments` (`merchant_id`,`environment`,`id`,`amount_cents`);--> statement-breakpoint
CREATE INDEX `payments_by_status` ON `payments` (`merchant_id`,`environment`,`status`,`id`,`amount_cents`);--> statement-breakpoint
CREATE INDEX `attempts_by_reason` ON `attempts` (`merchant_id`,`environment`,`reason`,`payment_id`) WHERE state = 'failed';