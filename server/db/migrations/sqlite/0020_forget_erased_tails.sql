-- The story kept the last four digits of numbers that were erased from their attempts.
update `timeline` set detail = json_remove(detail, '$.phoneTail')
  where (payment_id, attempt_id) in (select payment_id, id from `attempts` where phone_tail = '****')
    and json_extract(detail, '$.phoneTail') is not null;
