CREATE TABLE "alert_choices" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"kinds" text NOT NULL,
	"locale" text COLLATE "C" NOT NULL,
	"worked_at" bigint
);
--> statement-breakpoint
CREATE TABLE "alert_mails" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"tries" integer NOT NULL,
	"next_try_at" bigint NOT NULL,
	"sent_at" bigint,
	"given_up_at" bigint,
	"fault" text COLLATE "C",
	"said" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "alert_matters" (
	"user_id" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"payment_id" text COLLATE "C",
	"fault" text COLLATE "C",
	"raised_at" bigint NOT NULL,
	"mail_id" text COLLATE "C",
	CONSTRAINT "alert_matters_user_id_key_pk" PRIMARY KEY("user_id","key")
);
--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "prompt_limits" text;--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "limits_version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "retention_days" integer;--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "retention_version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "payments" ADD COLUMN "aged_out_at" bigint;--> statement-breakpoint
ALTER TABLE "alert_choices" ADD CONSTRAINT "alert_choices_id_users_id_fk" FOREIGN KEY ("id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_mails" ADD CONSTRAINT "alert_mails_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_matters" ADD CONSTRAINT "alert_matters_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "alert_mails_one_open" ON "alert_mails" USING btree ("user_id") WHERE sent_at is null and given_up_at is null;--> statement-breakpoint
CREATE INDEX "alert_mails_of_person" ON "alert_mails" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "alert_mails_due" ON "alert_mails" USING btree ("next_try_at") WHERE sent_at is null and given_up_at is null;--> statement-breakpoint
CREATE INDEX "alert_matters_of_mail" ON "alert_matters" USING btree ("mail_id");--> statement-breakpoint
CREATE INDEX "alert_matters_unmailed" ON "alert_matters" USING btree ("user_id") WHERE mail_id is null;--> statement-breakpoint
CREATE INDEX "payments_to_age_out" ON "payments" USING btree ("merchant_id","environment","created_at","id") WHERE aged_out_at is null;