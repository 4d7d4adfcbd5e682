CREATE TABLE `attempts` (
	`id` text PRIMARY KEY NOT NULL,
	`payment_id` text NOT NULL,
	`merchant_id` text NOT NULL,
	`environment` text NOT NULL,
	`order_reference` text NOT NULL,
	`amount_cents` integer NOT NULL,
	`phone_enc` text NOT NULL,
	`phone_hash` text NOT NULL,
	`phone_tail` text NOT NULL,
	`phone_tail_reversed` text NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`merchant_request_id` text,
	`checkout_request_enc` text,
	`checkout_request_hash` text,
	`result_code` text,
	`result_description` text,
	`later_result_code` text,
	`receipt` text,
	`received_cents` integer,
	`reversed_cents` integer NOT NULL,
	`flags` text NOT NULL,
	`created_at` integer NOT NULL,
	`sent_at` integer,
	`accepted_at` integer,
	`in_doubt_at` integer,
	`resolved_at` integer,
	`paid_at` integer,
	`held_at` integer,
	`success_seen` integer NOT NULL,
	`looks` integer NOT NULL,
	`last_look_at` integer,
	`next_look_at` integer,
	`wake_at` integer,
	`query_failure_code` text,
	`query_failure_at` integer,
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `attempts_of_payment` ON `attempts` (`payment_id`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `attempts_one_receipt` ON `attempts` (`environment`,`receipt`) WHERE receipt is not null;--> statement-breakpoint
CREATE UNIQUE INDEX `attempts_one_per_order` ON `attempts` (`merchant_id`,`environment`,`order_reference`) WHERE state in ('created', 'sending', 'pending', 'in_doubt');--> statement-breakpoint
CREATE UNIQUE INDEX `attempts_one_per_phone` ON `attempts` (`environment`,`phone_hash`) WHERE state in ('created', 'sending', 'pending');--> statement-breakpoint
CREATE UNIQUE INDEX `attempts_one_checkout_request` ON `attempts` (`environment`,`checkout_request_hash`) WHERE checkout_request_hash is not null;--> statement-breakpoint
CREATE INDEX `attempts_of_phone` ON `attempts` (`environment`,`phone_hash`,`created_at`);--> statement-breakpoint
CREATE INDEX `attempts_by_phone_end` ON `attempts` (`merchant_id`,`environment`,`phone_tail_reversed`,`payment_id`);--> statement-breakpoint
CREATE INDEX `attempts_to_wake` ON `attempts` (`wake_at`) WHERE wake_at is not null;--> statement-breakpoint
CREATE INDEX `attempts_unsent` ON `attempts` (`created_at`) WHERE state in ('created', 'sending');--> statement-breakpoint
CREATE TABLE `evidence` (
	`attempt_id` text NOT NULL,
	`seq` integer NOT NULL,
	`environment` text NOT NULL,
	`evidence_class` text NOT NULL,
	`at` integer NOT NULL,
	`success` integer NOT NULL,
	`receipt` text,
	`amount_cents` integer,
	`detail` text NOT NULL,
	PRIMARY KEY(`attempt_id`, `seq`),
	FOREIGN KEY (`attempt_id`) REFERENCES `attempts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `idempotency` (
	`merchant_id` text NOT NULL,
	`environment` text NOT NULL,
	`key` text NOT NULL,
	`body_hash` text NOT NULL,
	`claimed_at` integer NOT NULL,
	`payment_id` text,
	`status` integer,
	`answer_sealed` text,
	PRIMARY KEY(`merchant_id`, `environment`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_by_age` ON `idempotency` (`claimed_at`);--> statement-breakpoint
CREATE TABLE `inbox` (
	`id` text PRIMARY KEY NOT NULL,
	`environment` text NOT NULL,
	`attempt_id` text NOT NULL,
	`digest` text NOT NULL,
	`body_sealed` text NOT NULL,
	`received_at` integer NOT NULL,
	`remote_address` text NOT NULL,
	`applied_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `inbox_one_per_body` ON `inbox` (`attempt_id`,`digest`);--> statement-breakpoint
CREATE INDEX `inbox_unapplied` ON `inbox` (`id`) WHERE applied_at is null;--> statement-breakpoint
CREATE TABLE `keys` (
	`id` text PRIMARY KEY NOT NULL,
	`merchant_id` text NOT NULL,
	`environment` text NOT NULL,
	`kind` text NOT NULL,
	`hash` text NOT NULL,
	`tail` text NOT NULL,
	`sealed` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`merchant_id`) REFERENCES `merchants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `keys_one_per_hash` ON `keys` (`hash`);--> statement-breakpoint
CREATE TABLE `leases` (
	`name` text PRIMARY KEY NOT NULL,
	`holder` text NOT NULL,
	`until` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `merchants` (
	`id` text PRIMARY KEY NOT NULL,
	`environment` text NOT NULL,
	`name` text NOT NULL,
	`shortcode` text NOT NULL,
	`allowed_origins` text NOT NULL,
	`webhook_secret_sealed` text,
	`is_default` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `merchants_one_default` ON `merchants` (`environment`) WHERE is_default = 1;--> statement-breakpoint
CREATE TABLE `payments` (
	`id` text PRIMARY KEY NOT NULL,
	`merchant_id` text NOT NULL,
	`environment` text NOT NULL,
	`shortcode` text NOT NULL,
	`amount_cents` integer NOT NULL,
	`amount_source` text NOT NULL,
	`order_reference` text NOT NULL,
	`account_reference` text NOT NULL,
	`description` text,
	`metadata` text NOT NULL,
	`success_url` text,
	`cancel_url` text,
	`phone_enc` text,
	`phone_tail` text,
	`status` text NOT NULL,
	`closing` text,
	`flags` text NOT NULL,
	`receipt` text,
	`paid_at` integer,
	`retry_at` integer,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`claims_order` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `payments_newest` ON `payments` (`merchant_id`,`environment`,`id`);--> statement-breakpoint
CREATE INDEX `payments_by_time` ON `payments` (`merchant_id`,`environment`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `payments_by_status` ON `payments` (`merchant_id`,`environment`,`status`,`id`);--> statement-breakpoint
CREATE INDEX `payments_by_order` ON `payments` (`merchant_id`,`environment`,`order_reference`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `payments_one_per_order` ON `payments` (`merchant_id`,`environment`,`order_reference`) WHERE claims_order = 1;--> statement-breakpoint
CREATE INDEX `payments_by_account` ON `payments` (`environment`,`shortcode`,`account_reference`,`created_at`);--> statement-breakpoint
CREATE INDEX `payments_to_expire` ON `payments` (`expires_at`) WHERE closing is null and status in ('open', 'cancelled', 'expired', 'failed');--> statement-breakpoint
CREATE TABLE `pulse` (
	`id` integer PRIMARY KEY NOT NULL,
	`beats` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sealing` (
	`id` integer PRIMARY KEY NOT NULL,
	`key_id` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id_hash` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `sessions_by_expiry` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `timeline` (
	`payment_id` text NOT NULL,
	`seq` integer NOT NULL,
	`environment` text NOT NULL,
	`at` integer NOT NULL,
	`kind` text NOT NULL,
	`attempt_id` text,
	`from_state` text,
	`to_state` text,
	`status` text NOT NULL,
	`detail` text NOT NULL,
	PRIMARY KEY(`payment_id`, `seq`),
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`password_hash` text NOT NULL,
	`role` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_one_per_email` ON `users` (`email`);