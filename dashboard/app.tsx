import { useEffect } from "preact/hooks";
import { LocationProvider, Route, Router, useLocation } from "preact-iso";
import { say } from "./dictionary/words.ts";
import { AlertsPage } from "./pages/alerts.tsx";
import { AuditPage } from "./pages/audit.tsx";
import { Failed } from "./pages/failure.tsx";
import { FailuresPage } from "./pages/failures.tsx";
import { GoLivePage } from "./pages/go-live.tsx";
import { HomePage } from "./pages/home.tsx";
import { Join } from "./pages/join.tsx";
import { LimitsPage } from "./pages/limits.tsx";
import { LookPage } from "./pages/look.tsx";
import { MerchantsPage } from "./pages/merchants.tsx";
import { NotFound } from "./pages/not-found.tsx";
import { PaymentPage } from "./pages/payment.tsx";
import { PaymentsPage } from "./pages/payments.tsx";
import { PeoplePage } from "./pages/people.tsx";
import { PrivacyPage } from "./pages/privacy.tsx";
import { SafetyPage } from "./pages/safety.tsx";
import { SessionsPage } from "./pages/sessions.tsx";
import { SetUp } from "./pages/set-up.tsx";
import { SettingsPage } from "./pages/settings.tsx";
import { SignIn } from "./pages/sign-in.tsx";
import { BASE, PATHS } from "./paths.ts";
import { loadSession, session } from "./session.ts";
import { Shell } from "./shell.tsx";
import { SkeletonBlocks } from "./ui/skeleton.tsx";

/** The dashboard; only links under its own path are followed without leaving the page. */
export function App() {
  return (
    <LocationProvider scope={BASE}>
      <Rooms />
    </LocationProvider>
  );
}

/** Decides by the session what is shown at the address that stands in the bar. */
function Rooms() {
  const { path } = useLocation();
  const now = session.value;
  switch (now.kind) {
    case "loading":
      return (
        <main class="content">
          <SkeletonBlocks label={say("app.loading")} />
        </main>
      );
    case "unknown":
      return (
        <main class="content">
          <Failed
            title={say("app.dashboard")}
            level={1}
            failure={now.failure}
            onRetry={() => void loadSession()}
          />
        </main>
      );
    case "out":
      if (path === PATHS.join) return <Join />;
      return path === PATHS.setUp ? <SetUp /> : <SignIn why={now.why} />;
    case "in":
      // Whoever opens an invitation comes in as the person invited, whoever sat here before.
      if (path === PATHS.join) return <Join />;
      return (
        <Shell view={now.view}>
          <Router>
            <Route path={PATHS.payments} component={PaymentsPage} />
            <Route path={PATHS.payment} component={PaymentPage} />
            <Route path={PATHS.settings} component={SettingsPage} />
            <Route path={PATHS.look} component={LookPage} />
            <Route path={PATHS.goLive} component={GoLivePage} />
            <Route path={PATHS.merchants} component={MerchantsPage} />
            <Route path={PATHS.people} component={PeoplePage} />
            <Route path={PATHS.sessions} component={SessionsPage} />
            <Route path={PATHS.safety} component={SafetyPage} />
            <Route path={PATHS.alerts} component={AlertsPage} />
            <Route path={PATHS.limits} component={LimitsPage} />
            <Route path={PATHS.privacy} component={PrivacyPage} />
            <Route path={PATHS.audit} component={AuditPage} />
            <Route path={PATHS.home} component={HomePage} />
            <Route path={PATHS.failures} component={FailuresPage} />
            <Route path={PATHS.setUp} component={ToHome} />
            <Route default component={NotFound} />
          </Router>
        </Shell>
      );
  }
}

/** Who has just become the owner is done with the set-up. */
function ToHome() {
  const { route } = useLocation();
  useEffect(() => route(PATHS.home, true), [route]);
  return null;
}
