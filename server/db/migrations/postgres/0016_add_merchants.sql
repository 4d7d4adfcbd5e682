ALTER TABLE "merchants" ADD COLUMN "till" text COLLATE "C" DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "credentials_sealed" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "pulls" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "paused_at" bigint;--> statement-breakpoint
CREATE UNIQUE INDEX "merchants_one_per_number" ON "merchants" USING btree ("environment","shortcode","till") WHERE is_default = 0;