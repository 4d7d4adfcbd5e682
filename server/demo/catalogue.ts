/** What the demo shop sells. Prices are fixed here, on the server, as in any honest shop. */
import type { Locale } from "../../shared/words.ts";

export interface Product {
  readonly id: string;
  /** Whole shillings. */
  readonly price: number;
  readonly name: Readonly<Record<Locale, string>>;
  readonly note: Readonly<Record<Locale, string>>;
}

export const PRODUCTS: readonly Product[] = [
  {
    id: "coffee",
    price: 850,
    name: { en: "Nyeri coffee", sw: "Kahawa ya Nyeri" },
    note: { en: "Washed AA beans, 250 g", sw: "Buni AA zilizooshwa, 250 g" },
  },
  {
    id: "kikoi",
    price: 1_200,
    name: { en: "Lamu kikoi", sw: "Kikoi cha Lamu" },
    note: { en: "Handwoven cotton, 1 × 1.7 m", sw: "Pamba iliyofumwa kwa mkono, 1 × 1.7 m" },
  },
  {
    id: "honey",
    price: 650,
    name: { en: "Mwingi honey", sw: "Asali ya Mwingi" },
    note: { en: "Raw acacia honey, 500 g", sw: "Asali mbichi ya mgunga, 500 g" },
  },
  {
    id: "tea",
    price: 380,
    name: { en: "Kericho tea", sw: "Chai ya Kericho" },
    note: { en: "Purple leaf, 100 g", sw: "Majani ya zambarau, 100 g" },
  },
  {
    id: "kiondo",
    price: 2_400,
    name: { en: "Machakos kiondo", sw: "Kiondo cha Machakos" },
    note: { en: "Sisal basket, leather handles", sw: "Kikapu cha mkonge, mikono ya ngozi" },
  },
  {
    id: "postcard",
    price: 50,
    name: { en: "Postcard", sw: "Kadi ya posta" },
    note: { en: "A small thing to try paying with", sw: "Kitu kidogo cha kujaribu kulipia" },
  },
];
