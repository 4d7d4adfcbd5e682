ALTER TABLE `attempts` ADD `customer_code` text;--> statement-breakpoint
CREATE INDEX `attempts_by_customer_code` ON `attempts` (`environment`,`customer_code`) WHERE customer_code is not null;