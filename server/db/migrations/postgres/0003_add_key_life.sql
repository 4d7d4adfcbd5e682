ALTER TABLE "keys" ADD COLUMN "last_used_at" bigint;--> statement-breakpoint
ALTER TABLE "keys" ADD COLUMN "revoked_at" bigint;