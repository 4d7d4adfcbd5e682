/** The words around M-PESA's code: loaded only where a payment is in doubt or reviewed. */
import type { Locale } from "../../shared/words.ts";

const english = {
  ask: "Got an SMS from M-PESA? Enter its code",
  label: "M-PESA code",
  hint: "Ten letters and digits, at the start of the SMS. You may paste the whole SMS.",
  tell: "Send the code",
  noted: "Thank you, the code is noted. It is being checked; you do not need to pay again.",
  problems: {
    invalid_field: "This is no M-PESA code: it has ten letters and digits, such as TKN1A2B3C4.",
    code_of_another_day: "This code is of another day. Use the SMS about this payment.",
    code_used: "This code belongs to another payment. Use the SMS about this one.",
    rate_limited: "Too many tries. Take a short break, then try again.",
    other: "The code could not be sent. Try again in a moment.",
  },
};

type CodeWords = typeof english;

const swahili: CodeWords = {
  ask: "Umepata SMS ya M-PESA? Weka nambari yake",
  label: "Nambari ya M-PESA",
  hint: "Herufi na tarakimu kumi, mwanzoni mwa SMS. Unaweza kubandika SMS yote.",
  tell: "Tuma nambari",
  noted: "Asante, nambari imepokelewa. Inakaguliwa; huhitaji kulipa tena.",
  problems: {
    invalid_field: "Hii si nambari ya M-PESA: ina herufi na tarakimu kumi, kama TKN1A2B3C4.",
    code_of_another_day: "Nambari hii ni ya siku nyingine. Tumia SMS ya malipo haya.",
    code_used: "Nambari hii ni ya malipo mengine. Tumia SMS ya malipo haya.",
    rate_limited: "Umejaribu mara nyingi. Pumzika kidogo, kisha jaribu tena.",
    other: "Nambari haikutumwa. Jaribu tena baada ya muda mfupi.",
  },
};

export function codeWordsOf(locale: Locale): CodeWords {
  return locale === "sw" ? swahili : english;
}

/** What is wrong with a code that was told, by the server's word for it. */
export function codeProblem(code: string, locale: Locale): string {
  const { problems } = codeWordsOf(locale);
  return code in problems ? problems[code as keyof CodeWords["problems"]] : problems.other;
}
