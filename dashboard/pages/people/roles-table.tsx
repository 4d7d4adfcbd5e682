import { may, PERMISSIONS, USER_ROLES } from "../../../shared/permissions.ts";
import { say } from "../../dictionary/words.ts";
import { Icon } from "../../ui/icon.tsx";

/** What each role may do: the server's own table, drawn. */
export function RolesTable() {
  return (
    <section class="panel">
      <details class="roles">
        <summary>
          <h2 id="roles">{say("roles.title")}</h2>
        </summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <section class="roles-scroll" aria-labelledby="roles" tabIndex={0}>
          <table class="roles-table">
            <thead>
              <tr>
                <th scope="col">{say("roles.may")}</th>
                {USER_ROLES.map((role) => (
                  <th key={role} scope="col">
                    {say(`role.${role}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {PERMISSIONS.map((permission) => (
                <tr key={permission}>
                  <th scope="row">{say(`permission.${permission}`)}</th>
                  {USER_ROLES.map((role) => (
                    <td key={role}>
                      {may(role, permission) ? (
                        <span class="roles-yes">
                          <Icon name="check" size={16} />
                          <span class="unseen">{say("roles.yes")}</span>
                        </span>
                      ) : (
                        <span class="roles-no">
                          <Icon name="minus" size={14} />
                          <span class="unseen">{say("roles.no")}</span>
                        </span>
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </section>
  );
}
