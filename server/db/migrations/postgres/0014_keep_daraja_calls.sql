CREATE TABLE "daraja_calls" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"environment" text COLLATE "C" NOT NULL,
	"attempt_id" text COLLATE "C" NOT NULL,
	"call" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	"took_ms" integer NOT NULL,
	"status" integer,
	"sent_sealed" text COLLATE "C" NOT NULL,
	"answer_sealed" text COLLATE "C",
	"fault" text COLLATE "C"
);
--> statement-breakpoint
CREATE INDEX "daraja_calls_of_attempt" ON "daraja_calls" USING btree ("attempt_id","id");