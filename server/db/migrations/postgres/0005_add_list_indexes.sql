DROP INDEX "payments_newest";--> statement-breakpoint
DROP INDEX "payments_by_status";--> statement-breakpoint
CREATE INDEX "attempts_by_reason" ON "attempts" USING btree ("merchant_id","environment","reason","payment_id") WHERE state = 'failed';--> statement-breakpoint
CREATE INDEX "payments_by_amount" ON "payments" USING btree ("merchant_id","environment","amount_cents","id");--> statement-breakpoint
CREATE INDEX "payments_by_flags" ON "payments" USING btree ("merchant_id","environment","flags","id") WHERE flags <> '[]';--> statement-breakpoint
CREATE INDEX "payments_newest" ON "payments" USING btree ("merchant_id","environment","id","amount_cents");--> statement-breakpoint
CREATE INDEX "payments_by_status" ON "payments" USING btree ("merchant_id","environment","status","id","amount_cents");