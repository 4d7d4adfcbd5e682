/**
 * The simulator's public credentials. They open nothing but the simulator: anybody may read them
 * here, and no real Daraja knows them.
 */

/** One shortcode with what the simulator must know to check a Password and to word a prompt. */
export interface SimulatedMerchant {
  readonly shortcode: string;
  readonly passkey: string;
  readonly name: string;
}

export interface SimulatedApp {
  readonly consumerKey: string;
  readonly consumerSecret: string;
}

export const DEMO_APP: SimulatedApp = {
  consumerKey: "simulator-consumer-key",
  consumerSecret: "simulator-consumer-secret",
};

export const DEMO_MERCHANT: SimulatedMerchant = {
  shortcode: "600000",
  passkey: "simulator-passkey",
  name: "Demo Shop",
};

/** The public sandbox shortcode and passkey (daraja.md §10), which most example code carries. */
export const SANDBOX_MERCHANT: SimulatedMerchant = {
  shortcode: "174379",
  passkey: "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919",
  name: "Daraja Sandbox",
};
