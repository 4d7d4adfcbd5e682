CREATE TABLE "notes" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"payment_id" text COLLATE "C" NOT NULL,
	"environment" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"author" text COLLATE "C" NOT NULL,
	"text_sealed" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
ALTER TABLE "notes" ADD CONSTRAINT "notes_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "notes_of_payment" ON "notes" USING btree ("payment_id","id");