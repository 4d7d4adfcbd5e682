CREATE TABLE `rollup` (
	`merchant_id` text NOT NULL,
	`environment` text NOT NULL,
	`kind` text NOT NULL,
	`day` integer NOT NULL,
	`part` text NOT NULL,
	`detail` text NOT NULL,
	`opened` integer NOT NULL,
	`prompted` integer NOT NULL,
	`paid` integer NOT NULL,
	`failed` integer NOT NULL,
	`cancelled` integer NOT NULL,
	`expired` integer NOT NULL,
	`tries` integer NOT NULL,
	`retried` integer NOT NULL,
	`retried_paid` integer NOT NULL,
	`cents` integer NOT NULL,
	PRIMARY KEY(`merchant_id`, `environment`, `kind`, `day`, `part`, `detail`)
);
--> statement-breakpoint
CREATE INDEX `payments_to_see_to` ON `payments` (`merchant_id`,`environment`,`id`) WHERE (flags like '%"late"%' or flags like '%"amountMismatch"%' or flags like '%"secondReceipt"%' or flags like '%"overpaid"%' or flags like '%"evidenceConflict"%' or flags like '%"notInStatement"%' or flags like '%"aged"%');