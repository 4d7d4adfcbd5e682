ALTER TABLE `payments` ADD `page` text;--> statement-breakpoint
ALTER TABLE `rollup` ADD `typed` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
-- Counts every payment anew, as server/db/rollup.ts does now: more is told apart than before.
delete from `rollup`;--> statement-breakpoint
insert into `rollup` (merchant_id, environment, kind, day, part, detail, opened, typed, prompted, paid, failed, cancelled, expired, tries, retried, retried_paid, cents)
  with counted as materialized (
    select id, merchant_id, environment, status, created_at, amount_cents, amount_source, page,
      (select count(*) from attempts where payment_id = payments.id) as tries,
      case when exists (select 1 from attempts where payment_id = payments.id and sent_at is not null and (state <> 'failed' or accepted_at is not null or in_doubt_at is not null))
        then 1 else 0 end as prompted
    from payments ),
  told as materialized (
  select id, merchant_id, environment, status, created_at, amount_cents, amount_source,
    page, 1 as opened, case when tries > 0 then 1 else 0 end as typed, prompted, case when status = 'confirmed' then 1 else 0 end as paid,
    case when status = 'failed' and tries > 0 then 1 else 0 end as failed, case when status = 'cancelled' and tries > 0 then 1 else 0 end as cancelled,
    case when status = 'expired' and tries > 0 then 1 else 0 end as expired, tries, case when tries > 1 then 1 else 0 end as retried,
    case when tries > 1 and status = 'confirmed' then 1 else 0 end as retried_paid, amount_cents as cents
  from counted),
  failures as materialized (
  select told.merchant_id, told.environment, ((told.created_at + 10800000) / 86400000) as day,
    coalesce(a.reason, 'other') as part, coalesce(a.result_code, '') || case when coalesce(a.reason, '') <> 'merchant_setup' then ''
  when lower(a.result_description) like '%wrong credentials%' then ' wrong_credentials'
  when lower(a.result_description) like '%merchant does not exist%' then ' no_merchant'
  else '' end as detail,
    told.status, told.amount_cents, case when exists (select 1 from attempts later where later.payment_id = a.payment_id
  and (later.created_at > a.created_at or (later.created_at = a.created_at and later.id > a.id))) then 1 else 0 end as followed
  from told cross join attempts a where a.payment_id = told.id and a.state = 'failed')
  select merchant_id, environment, kind, day, part, detail, sum(opened), sum(typed), sum(prompted), sum(paid), sum(failed), sum(cancelled), sum(expired), sum(tries), sum(retried), sum(retried_paid), sum(cents)
  from (
  select merchant_id, environment, 'all' as kind, ((created_at + 10800000) / 86400000) as day,
    '' as part, '' as detail, opened, typed, prompted, paid, failed, cancelled, expired, tries, retried, retried_paid, cents
  from told union all 
  select merchant_id, environment, 'hour' as kind, ((created_at + 10800000) / 86400000) as day,
    cast((created_at + 10800000) % 86400000 / 3600000 as text) as part, '' as detail, opened, typed, prompted, paid, failed, cancelled, expired, tries, retried, retried_paid, cents
  from told union all 
  select merchant_id, environment, 'order' as kind, ((created_at + 10800000) / 86400000) as day,
    case when amount_cents >= 5000000 then '6' when amount_cents >= 1000000 then '5' when amount_cents >= 250000 then '4' when amount_cents >= 100000 then '3' when amount_cents >= 50000 then '2' when amount_cents >= 10000 then '1' when amount_cents >= 0 then '0' else '0' end as part, amount_source as detail, opened, typed, prompted, paid, failed, cancelled, expired, tries, retried, retried_paid, cents
  from told union all 
  select merchant_id, environment, 'page' as kind, ((created_at + 10800000) / 86400000) as day,
    coalesce(page, '') as part, '' as detail, opened, typed, prompted, paid, failed, cancelled, expired, tries, retried, retried_paid, cents
  from told union all 
  select merchant_id, environment, 'reason' as kind, day, part, detail,
    0 as opened, 0 as typed, 0 as prompted, 0 as paid, case when followed = 0 and status in ('failed', 'cancelled', 'expired') then 1 else 0 end as failed,
    0 as cancelled, 0 as expired, 1 as tries, followed as retried,
    case when followed = 1 and status = 'confirmed' then 1 else 0 end as retried_paid,
    case when followed = 0 and status in ('failed', 'cancelled', 'expired') then amount_cents else 0 end as cents
  from failures union all 
  select told.merchant_id, told.environment, 'taken' as kind, ((coalesce(a.paid_at, a.resolved_at, a.created_at) + 10800000) / 86400000) as day,
    cast((coalesce(a.paid_at, a.resolved_at, a.created_at) + 10800000) % 86400000 / 3600000 as text) as part,
    cast(case when (coalesce(a.paid_at, a.resolved_at, a.created_at) - a.created_at) < 0 then 0 when (coalesce(a.paid_at, a.resolved_at, a.created_at) - a.created_at) >= 300000
      then 60 else (coalesce(a.paid_at, a.resolved_at, a.created_at) - a.created_at) / 5000 end as text) as detail,
    0 as opened, 0 as typed, 0 as prompted, case when a.state = 'confirmed' then 1 else 0 end as paid, 0 as failed,
    0 as cancelled, 0 as expired, 0 as tries, 0 as retried, 0 as retried_paid,
    case when (coalesce(a.received_cents, a.amount_cents) - a.reversed_cents) > 0 then (coalesce(a.received_cents, a.amount_cents) - a.reversed_cents) else 0 end as cents
  from told cross join attempts a
  where a.payment_id = told.id and a.state in ('confirmed', 'reversed')) as cells
  group by merchant_id, environment, kind, day, part, detail
  order by kind, day, part, detail;
