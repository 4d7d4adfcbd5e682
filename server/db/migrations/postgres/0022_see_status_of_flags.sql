DROP INDEX "payments_by_flags";--> statement-breakpoint
CREATE INDEX "payments_by_flags" ON "payments" USING btree ("merchant_id","environment","flags","id","status") WHERE flags <> '[]';