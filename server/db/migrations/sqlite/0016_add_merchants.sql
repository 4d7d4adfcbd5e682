ALTER TABLE `merchants` ADD `till` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `merchants` ADD `credentials_sealed` text;--> statement-breakpoint
ALTER TABLE `merchants` ADD `pulls` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `merchants` ADD `paused_at` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `merchants_one_per_number` ON `merchants` (`environment`,`shortcode`,`till`) WHERE is_default = 0;