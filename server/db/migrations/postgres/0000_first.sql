CREATE TABLE "attempts" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"payment_id" text COLLATE "C" NOT NULL,
	"merchant_id" text COLLATE "C" NOT NULL,
	"environment" text COLLATE "C" NOT NULL,
	"order_reference" text COLLATE "C" NOT NULL,
	"amount_cents" bigint NOT NULL,
	"phone_enc" text COLLATE "C" NOT NULL,
	"phone_hash" text COLLATE "C" NOT NULL,
	"phone_tail" text COLLATE "C" NOT NULL,
	"phone_tail_reversed" text COLLATE "C" NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"reason" text COLLATE "C",
	"merchant_request_id" text COLLATE "C",
	"checkout_request_enc" text COLLATE "C",
	"checkout_request_hash" text COLLATE "C",
	"result_code" text COLLATE "C",
	"result_description" text COLLATE "C",
	"later_result_code" text COLLATE "C",
	"receipt" text COLLATE "C",
	"received_cents" bigint,
	"reversed_cents" bigint NOT NULL,
	"flags" text NOT NULL,
	"created_at" bigint NOT NULL,
	"sent_at" bigint,
	"accepted_at" bigint,
	"in_doubt_at" bigint,
	"resolved_at" bigint,
	"paid_at" bigint,
	"held_at" bigint,
	"success_seen" integer NOT NULL,
	"looks" integer NOT NULL,
	"last_look_at" bigint,
	"next_look_at" bigint,
	"wake_at" bigint,
	"query_failure_code" text COLLATE "C",
	"query_failure_at" bigint
);
--> statement-breakpoint
CREATE TABLE "evidence" (
	"attempt_id" text COLLATE "C" NOT NULL,
	"seq" integer NOT NULL,
	"environment" text COLLATE "C" NOT NULL,
	"evidence_class" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	"success" integer NOT NULL,
	"receipt" text COLLATE "C",
	"amount_cents" bigint,
	"detail" text NOT NULL,
	CONSTRAINT "evidence_attempt_id_seq_pk" PRIMARY KEY("attempt_id","seq")
);
--> statement-breakpoint
CREATE TABLE "idempotency" (
	"merchant_id" text COLLATE "C" NOT NULL,
	"environment" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"body_hash" text COLLATE "C" NOT NULL,
	"claimed_at" bigint NOT NULL,
	"payment_id" text COLLATE "C",
	"status" integer,
	"answer_sealed" text COLLATE "C",
	CONSTRAINT "idempotency_merchant_id_environment_key_pk" PRIMARY KEY("merchant_id","environment","key")
);
--> statement-breakpoint
CREATE TABLE "inbox" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"environment" text COLLATE "C" NOT NULL,
	"attempt_id" text COLLATE "C" NOT NULL,
	"digest" text COLLATE "C" NOT NULL,
	"body_sealed" text COLLATE "C" NOT NULL,
	"received_at" bigint NOT NULL,
	"remote_address" text COLLATE "C" NOT NULL,
	"applied_at" bigint
);
--> statement-breakpoint
CREATE TABLE "keys" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"merchant_id" text COLLATE "C" NOT NULL,
	"environment" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"tail" text COLLATE "C" NOT NULL,
	"sealed" text COLLATE "C",
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"holder" text COLLATE "C" NOT NULL,
	"until" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "merchants" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"environment" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"shortcode" text COLLATE "C" NOT NULL,
	"allowed_origins" text NOT NULL,
	"webhook_secret_sealed" text COLLATE "C",
	"is_default" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"merchant_id" text COLLATE "C" NOT NULL,
	"environment" text COLLATE "C" NOT NULL,
	"shortcode" text COLLATE "C" NOT NULL,
	"amount_cents" bigint NOT NULL,
	"amount_source" text COLLATE "C" NOT NULL,
	"order_reference" text COLLATE "C" NOT NULL,
	"account_reference" text COLLATE "C" NOT NULL,
	"description" text COLLATE "C",
	"metadata" text NOT NULL,
	"success_url" text COLLATE "C",
	"cancel_url" text COLLATE "C",
	"phone_enc" text COLLATE "C",
	"phone_tail" text COLLATE "C",
	"status" text COLLATE "C" NOT NULL,
	"closing" text COLLATE "C",
	"flags" text NOT NULL,
	"receipt" text COLLATE "C",
	"paid_at" bigint,
	"retry_at" bigint,
	"version" integer NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	"claims_order" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pulse" (
	"id" integer PRIMARY KEY NOT NULL,
	"beats" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sealing" (
	"id" integer PRIMARY KEY NOT NULL,
	"key_id" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id_hash" text COLLATE "C" PRIMARY KEY NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "timeline" (
	"payment_id" text COLLATE "C" NOT NULL,
	"seq" integer NOT NULL,
	"environment" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"attempt_id" text COLLATE "C",
	"from_state" text COLLATE "C",
	"to_state" text COLLATE "C",
	"status" text COLLATE "C" NOT NULL,
	"detail" text NOT NULL,
	CONSTRAINT "timeline_payment_id_seq_pk" PRIMARY KEY("payment_id","seq")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"email" text COLLATE "C" NOT NULL,
	"password_hash" text COLLATE "C" NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keys" ADD CONSTRAINT "keys_merchant_id_merchants_id_fk" FOREIGN KEY ("merchant_id") REFERENCES "public"."merchants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "timeline" ADD CONSTRAINT "timeline_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "attempts_of_payment" ON "attempts" USING btree ("payment_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "attempts_one_receipt" ON "attempts" USING btree ("environment","receipt") WHERE receipt is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "attempts_one_per_order" ON "attempts" USING btree ("merchant_id","environment","order_reference") WHERE state in ('created', 'sending', 'pending', 'in_doubt');--> statement-breakpoint
CREATE UNIQUE INDEX "attempts_one_per_phone" ON "attempts" USING btree ("environment","phone_hash") WHERE state in ('created', 'sending', 'pending');--> statement-breakpoint
CREATE UNIQUE INDEX "attempts_one_checkout_request" ON "attempts" USING btree ("environment","checkout_request_hash") WHERE checkout_request_hash is not null;--> statement-breakpoint
CREATE INDEX "attempts_of_phone" ON "attempts" USING btree ("environment","phone_hash","created_at");--> statement-breakpoint
CREATE INDEX "attempts_by_phone_end" ON "attempts" USING btree ("merchant_id","environment","phone_tail_reversed","payment_id");--> statement-breakpoint
CREATE INDEX "attempts_to_wake" ON "attempts" USING btree ("wake_at") WHERE wake_at is not null;--> statement-breakpoint
CREATE INDEX "attempts_unsent" ON "attempts" USING btree ("created_at") WHERE state in ('created', 'sending');--> statement-breakpoint
CREATE INDEX "idempotency_by_age" ON "idempotency" USING btree ("claimed_at");--> statement-breakpoint
CREATE UNIQUE INDEX "inbox_one_per_body" ON "inbox" USING btree ("attempt_id","digest");--> statement-breakpoint
CREATE INDEX "inbox_unapplied" ON "inbox" USING btree ("id") WHERE applied_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "keys_one_per_hash" ON "keys" USING btree ("hash");--> statement-breakpoint
CREATE UNIQUE INDEX "merchants_one_default" ON "merchants" USING btree ("environment") WHERE is_default = 1;--> statement-breakpoint
CREATE INDEX "payments_newest" ON "payments" USING btree ("merchant_id","environment","id");--> statement-breakpoint
CREATE INDEX "payments_by_time" ON "payments" USING btree ("merchant_id","environment","created_at","id");--> statement-breakpoint
CREATE INDEX "payments_by_status" ON "payments" USING btree ("merchant_id","environment","status","id");--> statement-breakpoint
CREATE INDEX "payments_by_order" ON "payments" USING btree ("merchant_id","environment","order_reference","id");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_one_per_order" ON "payments" USING btree ("merchant_id","environment","order_reference") WHERE claims_order = 1;--> statement-breakpoint
CREATE INDEX "payments_by_account" ON "payments" USING btree ("environment","shortcode","account_reference","created_at");--> statement-breakpoint
CREATE INDEX "payments_to_expire" ON "payments" USING btree ("expires_at") WHERE closing is null and status in ('open', 'cancelled', 'expired', 'failed');--> statement-breakpoint
CREATE INDEX "sessions_by_expiry" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "users_one_per_email" ON "users" USING btree ("email");