import { useEffect, useRef, useState } from "preact/hooks";
import type { Locale } from "../../shared/words.ts";
import { type Words, wordsOf } from "./dictionary.ts";
import { useChunk, useEscape, useFocusOnChange, useHeight, useNews } from "./effects.ts";
import type { Surroundings } from "./frame.ts";
import { type Model, type Screen, screenOf } from "./machine.ts";
import { PhoneScreen } from "./screens/phone.tsx";
import type { ScreenProps } from "./screens/props.ts";
import { SendingScreen } from "./screens/sending.tsx";
import { openSession, type Session } from "./session.ts";
import { kes } from "./text.ts";

const TICK_MS = 1_000;

interface CheckoutProps {
  readonly token: string;
  readonly first: Model;
  readonly firstLocale: Locale;
  readonly around: Surroundings;
}

/** The session's model as state, and the server's time by the device's clock, drawn each second. */
function useSession(token: string, first: Model): [Session, Model, number] {
  const [model, setModel] = useState(first);
  const [session] = useState(() => openSession(token, first, setModel));
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return [session, model, Date.now() + model.skewMs];
}

/** Ways back to the shop: the loader's in a frame, the payment's own addresses on a page. */
function leaving(around: Surroundings, view: Model["view"], to: "success" | "cancel") {
  const address = `${to}Url` as const;
  const own = view?.[address] || undefined;
  if (around.mode === "page") return own ? () => location.assign(own) : null;
  const shops = around.options.has(address);
  if (around.mode === "inline" && !own && !shops) return null;
  return () => around.tell({ type: "leave", to, url: own });
}

/** What is shown after Pay. */
const loadLater = () => import("./later.tsx");

interface BodyProps {
  readonly screen: Screen;
  readonly later: Awaited<ReturnType<typeof loadLater>> | null;
  readonly props: Omit<ScreenProps, "view"> & { readonly view: Model["view"] };
}

interface FootProps {
  readonly model: Model;
  readonly words: Words;
  readonly locale: Locale;
  setLocale(locale: Locale): void;
}

/** Who is paid for what; the logo stands beside the name, so it says nothing by itself. */
export function Shop({ model, words, sum }: { model: Model; words: Words; sum: boolean }) {
  const { view } = model;
  if (view === null) return null;
  return (
    <header>
      {view.logo ? (
        <img src={view.logo} width={40} height={40} alt="" />
      ) : (
        <span class="initial" aria-hidden="true">
          {[...view.merchantName][0]}
        </span>
      )}
      <p>
        <b class="clip">{view.merchantName}</b>
        <span class="soft clip">
          {words.order} {view.orderReference}
        </span>
      </p>
      {sum && <strong>{kes(view.amount)}</strong>}
    </header>
  );
}

/** Said under every screen: no connection, test mode, no PIN, the other language. */
export function Foot({ model, words, locale, setLocale }: FootProps) {
  const { view, reach } = model;
  const other = locale === "en" ? "sw" : "en";
  return (
    <>
      {reach === "unreachable" && <p class="strip">{words.offline}</p>}
      {view?.mpesaNotice && <p class="strip">{view.mpesaNotice[locale]}</p>}
      {view !== null && !view.livemode && (
        <p class="strip">
          {words.testMode}{" "}
          {view.simulated && (
            <a href="/handset" target="_blank" rel="noopener">
              {words.handset}
            </a>
          )}
        </p>
      )}
      <footer>
        <span>{words.pinNote}</span>
        <button type="button" lang={other} onClick={() => setLocale(other)}>
          {other === "sw" ? "Kiswahili" : "English"}
        </button>
      </footer>
    </>
  );
}

/** The one screen of the moment; a spinner while its chunk is on the way. */
function Body({ screen, later, props }: BodyProps) {
  const { view, words, locale } = props;
  if (screen === "phone" && view !== null) return <PhoneScreen {...props} view={view} />;
  // Without a network the later screens are not here yet; sending is then still what is true.
  if (screen === "sending" || (screen === "lost" && later === null))
    return <SendingScreen words={words} />;
  if (later === null) return <div class="ring" aria-hidden="true" />;
  if (screen === "gone" || screen === "phone" || view === null)
    return <later.GoneScreen locale={locale} />;
  const Later = later.LATER_SCREENS[screen];
  return <Later {...props} view={view} />;
}

/** The whole checkout: shop, one screen, and the foot. */
export function Checkout({ token, first, firstLocale, around }: CheckoutProps) {
  const [session, model, now] = useSession(token, first);
  const [locale, setLocale] = useState(firstLocale);
  const card = useRef<HTMLElement>(null);
  const words = wordsOf(locale);
  const screen = screenOf(model, now);
  const { view } = model;
  const { mode } = around;

  useEffect(() => {
    document.documentElement.lang = locale;
    document.title = view ? `${words.payTitle(kes(view.amount))} · ${view.merchantName}` : "Lipia";
  }, [locale, view, words]);
  useFocusOnChange(card, screen);
  useNews(around, view, screen);
  useHeight(around, card);
  useEscape(around);
  const { notice } = model;
  const early = screen === "phone" && (notice === null || notice === "phone_invalid");
  const later = useChunk(loadLater, early ? "not_yet" : "now");
  const problem =
    notice === "phone_invalid"
      ? words.phoneInvalid
      : notice && (later?.noticeWords(notice, locale) ?? null);

  const leave = {
    success: leaving(around, view, "success"),
    cancel: leaving(around, view, "cancel"),
  };
  return (
    <main ref={card} class={mode}>
      <Shop model={model} words={words} sum={screen !== "phone"} />
      {mode === "overlay" && (
        <button
          class="shut"
          type="button"
          aria-label={words.close}
          onClick={() => around.tell({ type: "close" })}
        >
          ×
        </button>
      )}
      <section key={screen} class={screen}>
        <Body
          screen={screen}
          later={later}
          props={{ model, view, words, locale, now, session, mode, leave, problem }}
        />
      </section>
      <Foot {...{ model, words, locale, setLocale }} />
      <div class="hear" role="status" aria-live="polite">
        {screen === "sending" ? words.sending : later?.announcement(screen, locale)}
      </div>
    </main>
  );
}
