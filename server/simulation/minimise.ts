/** Which faults a violation needs: the others are switched off one by one while it stays. */
import { FAULT_NAMES, planOf, type ScheduleName } from "./plan.ts";
import { type Bench, runSchedule } from "./run-schedule.ts";

/** The same schedule with as few faults as still break the same promise. */
export async function minimised(bench: Bench, name: ScheduleName): Promise<ScheduleName> {
  const first = (await runSchedule(bench, name)).violation;
  if (first === null) return name;
  const { faults } = planOf(name);
  let without = [...name.without];
  for (const fault of FAULT_NAMES.filter((one) => faults[one] > 0)) {
    const fewer = { ...name, without: [...without, fault] };
    const left = (await runSchedule(bench, fewer)).violation;
    if (left?.invariant === first.invariant) without = [...fewer.without];
  }
  return { ...name, without };
}
