ALTER TABLE "merchants" ADD COLUMN "accent" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "logo_hash" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "logo_type" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "logo_base64" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "brand_version" integer DEFAULT 1 NOT NULL;