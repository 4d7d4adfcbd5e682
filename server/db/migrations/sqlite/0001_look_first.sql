DROP INDEX `attempts_to_wake`;--> statement-breakpoint
CREATE INDEX `attempts_first_look` ON `attempts` (`environment`,`wake_at`) WHERE wake_at is not null and looks = 0;--> statement-breakpoint
CREATE INDEX `attempts_next_look` ON `attempts` (`environment`,`wake_at`) WHERE wake_at is not null and looks > 0;--> statement-breakpoint
DROP INDEX `payments_to_expire`;--> statement-breakpoint
CREATE INDEX `payments_to_expire` ON `payments` (`environment`,`expires_at`) WHERE closing is null and status in ('open', 'cancelled', 'expired', 'failed');