/** One Daraja app for whatever merchant, where there is only one. */
import type { Daraja, DarajaApp, DarajaApps } from "../ports.ts";

export function oneApp<Client extends Daraja>(app: DarajaApp<Client>): DarajaApps<Client> {
  return { of: async () => app };
}
