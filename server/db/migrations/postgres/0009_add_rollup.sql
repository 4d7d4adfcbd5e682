CREATE TABLE "rollup" (
	"merchant_id" text COLLATE "C" NOT NULL,
	"environment" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"day" integer NOT NULL,
	"part" text COLLATE "C" NOT NULL,
	"detail" text COLLATE "C" NOT NULL,
	"opened" integer NOT NULL,
	"prompted" integer NOT NULL,
	"paid" integer NOT NULL,
	"failed" integer NOT NULL,
	"cancelled" integer NOT NULL,
	"expired" integer NOT NULL,
	"tries" integer NOT NULL,
	"retried" integer NOT NULL,
	"retried_paid" integer NOT NULL,
	"cents" bigint NOT NULL,
	CONSTRAINT "rollup_merchant_id_environment_kind_day_part_detail_pk" PRIMARY KEY("merchant_id","environment","kind","day","part","detail")
);
--> statement-breakpoint
CREATE INDEX "payments_to_see_to" ON "payments" USING btree ("merchant_id","environment","id") WHERE (flags like '%"late"%' or flags like '%"amountMismatch"%' or flags like '%"secondReceipt"%' or flags like '%"overpaid"%' or flags like '%"evidenceConflict"%' or flags like '%"notInStatement"%' or flags like '%"aged"%');