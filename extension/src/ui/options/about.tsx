import { t } from "../../words.ts";
import { KeyTable } from "../screens/help.tsx";
import { Section } from "./section.tsx";

export function About({ version, mac }: { version: string; mac: boolean }) {
  return (
    <Section id="about" title={t("options.about")}>
      <h3>{t("options.keys")}</h3>
      <KeyTable mac={mac} />
      <h3>{t("options.privacy")}</h3>
      <p>{t("options.privacyParties")}</p>
      <p>{t("options.privacySession")}</p>
      <p>{t("options.privacyStored")}</p>
      <p class="dim">{t("options.version", [version])}</p>
    </Section>
  );
}
