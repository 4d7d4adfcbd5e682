import { useLocation } from "preact-iso";
import { say } from "../dictionary/words.ts";
import { hasSeveral, merchantIn, merchantsHere } from "../merchant-choice.ts";
import { Select } from "../ui/select.tsx";

interface MerchantSelectProps {
  /** `one`: a page of settings, about the default merchant first. `any`: a list, of all at first. */
  readonly of: "one" | "any";
}

/** Chooses the merchant in the address of the page; nothing where there is but one. */
export function MerchantSelect({ of }: MerchantSelectProps) {
  const { path, query, route } = useLocation();
  if (!hasSeveral()) return null;
  const all = merchantsHere();
  const named = all.map(({ id, name }) => ({ value: id, word: name }));
  const [first] = named;
  const options = of === "any" ? [{ value: "", word: say("merchants.all") }, ...named] : named;
  const chosen = merchantIn(query);
  const choose = (id: string) => {
    const next = new URLSearchParams(query);
    if (id === "" || (of === "one" && id === first?.value)) next.delete("merchant");
    else next.set("merchant", id);
    const text = next.toString();
    route(text === "" ? path : `${path}?${text}`);
  };
  return (
    <div class="merchant-select">
      <Select
        label={say("merchants.which")}
        value={chosen === "" && of === "one" ? (first?.value ?? "") : chosen}
        options={options}
        onChange={choose}
      />
    </div>
  );
}
