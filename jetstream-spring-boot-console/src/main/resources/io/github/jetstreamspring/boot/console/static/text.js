// All texts, in English and German: key: [English, German]
const texts = {
	overview: ["Overview", "Überblick"],
	queues: ["Queues", "Queues"],
	listeners: ["Listeners", "Listener"],
	letters: ["Dead letters", "Dead Letters"],
	schedules: ["Schedules", "Zeitpläne"],
	activity: ["Activity", "Aktivität"],
	skip: ["Skip to the content", "Zum Inhalt springen"],
	live: ["live", "live"],
	polling: ["every 5 s", "alle 5 s"],
	lost: ["no answer", "keine Antwort"],
	lostSince: ["The application doesn't answer since {time}. What is shown is from then.", "Die Anwendung antwortet seit {time} nicht. Angezeigt wird der Stand von da."],
	signedOut: ["You are signed out. Load the page again to sign in.", "Sie sind abgemeldet. Laden Sie die Seite neu, um sich anzumelden."],
	loading: ["Loading …", "Wird geladen …"],
	problem: ["That didn't work: {detail}", "Das ging nicht: {detail}"],
	failed: ["failed", "gescheitert"],
	again: ["Try again", "Noch einmal"],
	readOnly: ["Looking only: changes need jetstream.console.access=unrestricted.", "Nur Ansehen: Änderungen brauchen jetstream.console.access=unrestricted."],
	unknownPage: ["There is no such page.", "Diese Seite gibt es nicht."],
	cancel: ["Cancel", "Abbrechen"],
	close: ["Close", "Schließen"],
	of: ["{n} of {all}", "{n} von {all}"],
	handledRate: ["handled per minute", "verarbeitet pro Minute"],
	retriedRate: ["retried in 10 min", "wiederholt in 10 min"],
	deadRate: ["given up on in 10 min", "aufgegeben in 10 min"],
	busy: ["busy workers", "beschäftigte Worker"],
	backlog: ["backlog", "Rückstand"],
	connection: ["connection", "Verbindung"],
	connections: ["Connections", "Verbindungen"],
	status: ["status", "Status"],
	version: ["server", "Server"],
	throughput: ["Deliveries", "Zustellungen"],
	times: ["Handler time", "Handler-Laufzeit"],
	window: ["over", "über"],
	"10m": ["10 minutes", "10 Minuten"],
	"1h": ["1 hour", "1 Stunde"],
	"12h": ["12 hours", "12 Stunden"],
	handled: ["handled", "verarbeitet"],
	retried: ["retried", "wiederholt"],
	deadLettered: ["given up on", "aufgegeben"],
	ofInstance: ["of this instance", "dieser Instanz"],
	chartSum: ["{title}: {sums}", "{title}: {sums}"],
	nothingYet: ["Nothing was handled in this time.", "In dieser Zeit wurde nichts verarbeitet."],
	consumers: ["Consumers", "Consumer"],
	stream: ["stream", "Stream"],
	consumer: ["consumer", "Consumer"],
	pending: ["waiting", "wartend"],
	ackPending: ["in hand", "in Arbeit"],
	redelivered: ["redelivered", "erneut zugestellt"],
	oldest: ["oldest", "älteste"],
	noConsumers: ["No stream is configured. Declare one below jetstream.streams in application.yml.", "Kein Stream ist konfiguriert. Deklarieren Sie einen unter jetstream.streams in application.yml."],
	noListeners: ["There is no listener. Put @JetStreamListener on a method.", "Es gibt keinen Listener. Setzen Sie @JetStreamListener an eine Methode."],
	messages: ["messages", "Nachrichten"],
	bytes: ["size", "Größe"],
	drift: ["Differs from the configuration", "Weicht von der Konfiguration ab"],
	noDrift: ["as configured", "wie konfiguriert"],
	unknownDrift: ["not compared: the server doesn't say", "nicht verglichen: der Server sagt nichts"],
	setting: ["setting", "Einstellung"],
	onServer: ["on the server", "auf dem Server"],
	configured: ["configured", "konfiguriert"],
	source: ["from", "aus"],
	value: ["value", "Wert"],
	settings: ["Settings", "Einstellungen"],
	listener: ["listener", "Listener"],
	state: ["state", "Zustand"],
	reason: ["reason", "Grund"],
	concurrency: ["concurrency", "Parallelität"],
	inHand: ["in hand", "in Arbeit"],
	lastHandled: ["last success", "letzter Erfolg"],
	lastError: ["last failure", "letzter Fehler"],
	unstored: ["unstored dead letters", "nicht gespeicherte Dead Letters"],
	failures: ["Failures of this instance, by exception", "Fehler dieser Instanz nach Exception"],
	noFailures: ["No failure since the start.", "Kein Fehler seit dem Start."],
	exception: ["exception", "Exception"],
	count: ["count", "Anzahl"],
	last: ["last", "zuletzt"],
	first: ["first", "zuerst"],
	pause: ["Pause", "Anhalten"],
	resume: ["Resume", "Fortsetzen"],
	stop: ["Stop", "Stoppen"],
	start: ["Start", "Starten"],
	change: ["Change", "Ändern"],
	pauseTitle: ["Pause listener {id}", "Listener {id} anhalten"],
	pauseWhere: ["Where", "Wo"],
	instance: ["this instance, until it is resumed", "diese Instanz, bis sie fortgesetzt wird"],
	fleet: ["all instances, for a while", "alle Instanzen, für eine Weile"],
	forHow: ["For how long (such as 30m or 2h)", "Wie lange (etwa 30m oder 2h)"],
	stopTitle: ["Stop listener {id}?", "Listener {id} stoppen?"],
	stopText: ["This instance takes no more messages until it is started again. What runs may end; {n} messages are in hand.", "Diese Instanz nimmt keine Nachrichten mehr an, bis der Listener gestartet wird. Was läuft, darf enden; {n} Nachrichten sind in Arbeit."],
	concurrencyTitle: ["Concurrency of {id}", "Parallelität von {id}"],
	concurrencyText: ["How many handlers run at once in this instance, until it restarts.", "Wie viele Handler in dieser Instanz zugleich laufen, bis sie neu startet."],
	success: ["Done: {what}", "Erledigt: {what}"],
	done: ["done", "fertig"],
	summary: ["By consumer and reason", "Nach Consumer und Grund"],
	sumUp: ["Sum up", "Zusammenfassen"],
	sumUpText: ["There are {n} dead letters. To sum them up, all their headers are read.", "Es gibt {n} Dead Letters. Zum Zusammenfassen werden alle ihre Header gelesen."],
	noLetters: ["No dead letters. That is how it should be.", "Keine Dead Letters. So soll es sein."],
	noMatches: ["No dead letter matches. Change the search, or clear it.", "Kein Dead Letter passt. Ändern oder leeren Sie die Suche."],
	search: ["Search", "Suchen"],
	clear: ["Clear", "Leeren"],
	subject: ["subject", "Subject"],
	since: ["since", "seit"],
	until: ["until", "bis"],
	sequence: ["sequence", "Sequenz"],
	time: ["time", "Zeit"],
	attempts: ["attempts", "Versuche"],
	newer: ["Newest", "Neueste"],
	older: ["Older", "Ältere"],
	found: ["Newest first", "Neueste zuerst"],
	pageEmpty: ["None among those looked at so far; there are older ones.", "Keiner unter den bisher angesehenen; es gibt ältere."],
	letter: ["Dead letter {n}", "Dead Letter {n}"],
	backToAll: ["All dead letters", "Alle Dead Letters"],
	redrives: ["redriven before", "zuvor erneut eingespielt"],
	messageId: ["message id", "Nachrichten-ID"],
	published: ["published", "veröffentlicht"],
	givenUp: ["given up on", "aufgegeben"],
	timeline: ["What happened", "Was geschah"],
	attemptsMade: ["delivered {n} times", "{n} mal zugestellt"],
	original: ["Original", "Original"],
	headers: ["Headers", "Header"],
	header: ["header", "Header"],
	noHeaders: ["The original has no headers.", "Das Original hat keine Header."],
	payload: ["Payload", "Inhalt"],
	asTree: ["tree", "Baum"],
	asText: ["text", "Text"],
	asHex: ["hex", "Hex"],
	truncated: ["The first 64 kB of {size}.", "Die ersten 64 kB von {size}."],
	hidden: ["Values are hidden: jetstream.console.show-values says who may see them.", "Werte sind verborgen: jetstream.console.show-values sagt, wer sie sehen darf."],
	emptyPayload: ["The payload is empty.", "Der Inhalt ist leer."],
	discard: ["Discard", "Verwerfen"],
	discardTitle: ["Discard {n} dead letters for good?", "{n} Dead Letters endgültig verwerfen?"],
	discardTitle1: ["Discard 1 dead letter for good?", "1 Dead Letter endgültig verwerfen?"],
	discardText: ["They can't be brought back.", "Sie lassen sich nicht zurückholen."],
	select: ["Select {n}", "{n} auswählen"],
	selected: ["{n} selected", "{n} ausgewählt"],
	discardSelected: ["Discard selected", "Ausgewählte verwerfen"],
	discardAll: ["Discard all that match", "Alle passenden verwerfen"],
	redrive: ["Redrive", "Erneut einspielen"],
	redriveTitle: ["Redrive {n} dead letters?", "{n} Dead Letters erneut einspielen?"],
	redriveTitle1: ["Redrive 1 dead letter?", "1 Dead Letter erneut einspielen?"],
	redriveText: ["Only the consumer that gave up on them gets them again, with attempt 1.", "Nur der Consumer, der sie aufgegeben hat, bekommt sie wieder, mit Versuch 1."],
	redriveSelected: ["Redrive selected", "Ausgewählte einspielen"],
	redriveAll: ["Redrive all that match", "Alle passenden einspielen"],
	redriven: ["{n} redriven", "{n} eingespielt"],
	discardn: ["{n} discarded", "{n} verworfen"],
	rate: ["At most per second", "Höchstens pro Sekunde"],
	noRate: ["as fast as it goes", "so schnell es geht"],
	selectionNote: ["Those that are there now. Only the consumer that gave up on them gets them again. It goes on without this page.", "Die jetzt vorhandenen. Nur der Consumer, der sie aufgegeben hat, bekommt sie wieder. Es läuft auch ohne diese Seite weiter."],
	wouldFail: ["{n} can't be redriven, such as: {reason}", "{n} lassen sich nicht einspielen, etwa: {reason}"],
	begun: ["begun with {n}", "begonnen mit {n}"],
	taskDone: ["{n} done", "{n} erledigt"],
	taskFailed: ["{n} failed", "{n} fehlgeschlagen"],
	looked: ["of {n} looked at", "von {n} angesehenen"],
	running: ["running", "läuft"],
	cancelled: ["cancelled", "abgebrochen"],
	schedule: ["schedule", "Zeitplan"],
	expression: ["when", "wann"],
	next: ["next", "nächster"],
	zone: ["zone", "Zone"],
	runNow: ["Run now", "Jetzt ausführen"],
	runTitle: ["Run {name} now?", "{name} jetzt ausführen?"],
	runText: ["Its message is published at once, to {subject}. When it is due the next time stays as it is.", "Die Nachricht wird sofort veröffentlicht, an {subject}. Der nächste Termin bleibt."],
	noSchedules: ["No schedule is configured. Declare one below jetstream.schedules in application.yml.", "Kein Zeitplan ist konfiguriert. Deklarieren Sie einen unter jetstream.schedules in application.yml."],
	who: ["who", "wer"],
	what: ["what", "was"],
	target: ["of", "womit"],
	somebody: ["somebody unknown", "unbekannt"],
	noActivity: ["Nobody has changed anything since this instance started.", "Seit dem Start dieser Instanz hat niemand etwas geändert."],
	activityCaption: ["What people have done with this instance, the last 500", "Was Menschen mit dieser Instanz getan haben, die letzten 500"]
};

const names = ["en", "de"];

export function languages() {
	return [["en", "English"], ["de", "Deutsch"]];
}

let chosen = stored() || names.find((name) => navigator.language.startsWith(name)) || "en";

function stored() {
	try {
		const name = localStorage.getItem("jetstream-console-language");
		return names.includes(name) ? name : undefined;
	}
	catch {
		// Not allowed to keep anything
	}
}

export function language() {
	return chosen;
}

export function choose(name) {
	chosen = name;
	try {
		localStorage.setItem("jetstream-console-language", name);
	}
	catch {
		// Only for this visit, then
	}
}

export function t(key, values) {
	const text = texts[key] ? texts[key][names.indexOf(chosen)] : key;
	return values ? text.replace(/\{(\w+)\}/g, (_, name) => values[name]) : text;
}
