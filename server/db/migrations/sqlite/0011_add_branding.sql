ALTER TABLE `merchants` ADD `accent` text;--> statement-breakpoint
ALTER TABLE `merchants` ADD `logo_hash` text;--> statement-breakpoint
ALTER TABLE `merchants` ADD `logo_type` text;--> statement-breakpoint
ALTER TABLE `merchants` ADD `logo_base64` text;--> statement-breakpoint
ALTER TABLE `merchants` ADD `brand_version` integer DEFAULT 1 NOT NULL;