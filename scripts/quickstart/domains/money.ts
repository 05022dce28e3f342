import { type DomainSpec, maybe, object, value } from "../toolSpec.ts";
import { choice, country, currency, flag } from "../values/closed.ts";
import { brand, fullName } from "../values/names.ts";
import { amountText, date, idWithPrefix, money as sum, year } from "../values/quantities.ts";

export const money: DomainSpec = {
  name: "money",
  tools: [
    {
      name: "send_money",
      description: "Transfer money to a person",
      parameters: [
        value("to", fullName),
        object("sum", value("amount", amountText), value("currency", choice("EUR", "USD", "GBP"))),
      ],
      phrasings: [
        "Send {amount} {currency} to {to}.",
        "Transfer {amount} {currency} to {to}.",
        "I owe {to} {amount} {currency}. Send it.",
        "Pay {to} {amount} {currency}.",
        "Give {to} {amount} {currency} from my account.",
        "{to} gets {amount} {currency} from me. Transfer it.",
        "Please move {amount} {currency} to {to}.",
        "Make a transfer of {amount} {currency} to {to}.",
      ],
      heldOut: [
        "Please send {to} {amount} {currency} from my account.",
        "I want to transfer {amount} {currency} to {to}.",
        "{to} gets {amount} {currency}. Make the transfer.",
      ],
      again: ["And {amount} {currency} to {to}.", "Also send {to} {amount} {currency}."],
      heldOutAgain: ["Then pay {amount} {currency} to {to}."],
    },
    {
      name: "convert_currency",
      description: "Convert between currencies",
      parameters: [value("amount", sum), value("from", currency), value("to", currency)],
      phrasings: [
        "Convert {amount} {from} to {to}.",
        "How much is {amount} {from} in {to}?",
        "What are {amount} {from} worth in {to}?",
        "Change {amount} {from} into {to}.",
        "I have {amount} {from}. How much is that in {to}?",
        "Tell me the value of {amount} {from} in {to}.",
        "How many {to} do I get for {amount} {from}?",
        "Please convert {amount} {from} into {to}.",
      ],
      heldOut: [
        "I want to change {amount} {from} to {to}. How much is it?",
        "How many {to} are {amount} {from} worth?",
        "Tell me what {amount} {from} are in {to}.",
      ],
      again: ["And {amount} {from} in {to}.", "Also convert {amount} {from} to {to}."],
      heldOutAgain: ["Then change {amount} {from} into {to}."],
    },
    {
      name: "get_invoice",
      description: "Fetch an invoice",
      parameters: [value("invoice", idWithPrefix("INV", "invoice")), maybe("pdf", flag)],
      phrasings: [
        "Get invoice {invoice}[pdf: as a PDF].",
        "Show me invoice {invoice}[pdf: as PDF].",
        "I need invoice number {invoice}[pdf: in PDF form].",
        "Please fetch invoice {invoice}[pdf: as a PDF].",
        "Can you find invoice {invoice}[pdf: as PDF]?",
        "Where is invoice {invoice}[pdf: as a PDF]?",
        "Open invoice {invoice}[pdf: as a PDF].",
        "Send me invoice {invoice}[pdf: as PDF].",
      ],
      heldOut: [
        "Can you show me invoice number {invoice}[pdf: as a PDF]?",
        "Please open invoice {invoice} for me[pdf:, as PDF].",
        "I want to see invoice {invoice}[pdf: in PDF form].",
      ],
      again: ["And invoice {invoice}[pdf: as PDF].", "Also get {invoice}[pdf: as a PDF]."],
      heldOutAgain: ["Then fetch {invoice}[pdf: as PDF]."],
    },
    {
      name: "pay_bill",
      description: "Pay a company on a day",
      parameters: [value("company", brand), value("amount", sum), value("date", date)],
      phrasings: [
        "Pay the {company} bill of {amount} on {date}.",
        "Pay {amount} to the company {company} on {date}.",
        "The bill from {company} is {amount}. Pay it on {date}.",
        "On {date} pay {amount} to {company} for the bill.",
        "My {company} bill of {amount} must be paid on {date}.",
        "Please pay {company} the bill of {amount} on {date}.",
        "I have a bill of {amount} from {company}. Pay it on {date}.",
        "Settle the {amount} bill of {company} on {date}.",
      ],
      heldOut: [
        "On {date} please pay the bill of {amount} from {company}.",
        "I must pay {company} a bill of {amount} on {date}.",
        "The {company} bill is {amount}. Settle it on {date}.",
      ],
      again: ["And {amount} to {company} on {date}.", "Also pay {company} {amount} on {date}."],
      heldOutAgain: ["Then the {company} bill of {amount} on {date}."],
    },
    {
      name: "tax_rate",
      description: "Tax rate of a country",
      parameters: [value("country", country), value("year", year)],
      phrasings: [
        "What was the tax rate in {country} in {year}?",
        "Tell me the tax rate of {country} for {year}.",
        "How high is the tax in {country} in {year}?",
        "Look up the {year} tax rate of {country}.",
        "I need the tax rate for {country} in {year}.",
        "Which tax rate had {country} in {year}?",
        "Show the tax rate of {country} in the year {year}.",
        "How much tax do people pay in {country} in {year}?",
      ],
      heldOut: [
        "How high was the tax rate of {country} in {year}?",
        "Look up the tax in {country} for the year {year}.",
        "In {year}, what was the tax rate in {country}?",
      ],
      again: ["And in {country} in {year}.", "Also for {country} in {year}."],
      heldOutAgain: ["Then the tax rate of {country} for {year}."],
    },
  ],
};
