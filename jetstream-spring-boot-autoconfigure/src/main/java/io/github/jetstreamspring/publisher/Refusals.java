/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.jetstreamspring.publisher;

import java.util.Map;
import java.util.Set;

import io.nats.client.JetStreamApiException;

/**
 * What the server's error codes mean for a published message.
 */
final class Refusals {

	private static final int UNAVAILABLE = 503;

	private static final int TOO_MANY_REQUESTS = 429;

	// The server is still storing a message with this id
	private static final int ID_IN_PROCESS = 10158;

	// Wrong last sequence, of the stream or of the subject
	private static final Set<Integer> SEQUENCE = Set.of(10071, 10164);

	private static final int LAST_ID = 10070;

	private static final int STREAM = 10060;

	// Limits of the account, and the server's memory and storage
	private static final Set<Integer> FULL = Set.of(10002, 10023, 10028, 10047);

	// With a text that says whether it is a limit
	private static final int STORE_FAILED = 10077;

	private static final Set<Integer> TOO_LARGE = Set.of(10054, 10097);

	// The message ids of a batch
	private static final int KNOWN_ID = 10201;

	private static final int BATCH_INCOMPLETE = 10176;

	// Disabled, without a sequence, an unsupported header, id, size or commit
	private static final Set<Integer> BATCH = Set.of(10174, 10175, 10177, 10179, 10199, 10200);

	private static final String SCHEDULE = "Correct the schedule of the message";

	private static final String COUNTER = "The stream is a counter, which takes messages with an increment and without a payload only";

	private static final Map<Integer, String> ADVICE = Map.ofEntries(
			Map.entry(10109, "The stream is sealed and takes no messages any more. Publish to another one"),
			Map.entry(10111,
					"Set allow-rollup: true and deny-purge: false for the stream, or leave the roll-up header out"),
			Map.entry(10120,
					"The account has no limits for streams with that many replicas. Ask who runs the server for them"),
			Map.entry(10165, "Give the message a time to live of at least a second, in whole seconds"),
			Map.entry(10166, "Set allow-message-ttl: true for the stream, or publish without a time to live"),
			Map.entry(10168, "Set allow-message-counter: true for the stream, or leave the increment out"),
			Map.entry(10169, COUNTER), Map.entry(10170, COUNTER), Map.entry(10171, COUNTER),
			Map.entry(10172, "The counter's last message is no number. Purge its subject"),
			Map.entry(10185, "Use a newer nats-server"),
			Map.entry(10188, "Set allow-message-schedules: true for the stream, or publish without a delay"),
			Map.entry(10189, SCHEDULE), Map.entry(10190, "Deliver it to another subject of the same stream"),
			Map.entry(10191, SCHEDULE), Map.entry(10192, SCHEDULE), Map.entry(10203, SCHEDULE),
			Map.entry(10212, SCHEDULE), Map.entry(10223, SCHEDULE),
			Map.entry(10193, "Expect a sequence for the subjects, too"),
			Map.entry(10201, "Give each message of the batch an id of its own"),
			Map.entry(10227, "Leave the header Nats-Stream-Source out: only the server may set it"));

	private Refusals() {
	}

	/**
	 * Returns whether the same message may be accepted in a moment.
	 */
	static boolean isTransient(JetStreamApiException refusal) {
		int code = refusal.getApiErrorCode();
		return (refusal.getErrorCode() == UNAVAILABLE || refusal.getErrorCode() == TOO_MANY_REQUESTS
				|| code == ID_IN_PROCESS) && !isFull(refusal) && !isTooLarge(refusal);
	}

	static boolean isAboutSequence(JetStreamApiException refusal) {
		return SEQUENCE.contains(refusal.getApiErrorCode());
	}

	static boolean isAboutId(JetStreamApiException refusal) {
		return refusal.getApiErrorCode() == LAST_ID;
	}

	/**
	 * Returns whether the stream has a message with the id of one of a batch.
	 */
	static boolean isKnownId(JetStreamApiException refusal) {
		return refusal.getApiErrorCode() == KNOWN_ID;
	}

	/**
	 * Returns whether messages of a batch didn't get through.
	 */
	static boolean isLostBatch(JetStreamApiException refusal) {
		return refusal.getApiErrorCode() == BATCH_INCOMPLETE;
	}

	// A store that is closed, because its stream moves, reports the same code
	private static boolean isFull(JetStreamApiException refusal) {
		return FULL.contains(refusal.getApiErrorCode())
				|| refusal.getApiErrorCode() == STORE_FAILED && text(refusal).startsWith("maximum");
	}

	private static boolean isTooLarge(JetStreamApiException refusal) {
		return TOO_LARGE.contains(refusal.getApiErrorCode())
				|| refusal.getApiErrorCode() == STORE_FAILED && text(refusal).startsWith("message too large");
	}

	private static String text(JetStreamApiException refusal) {
		String description = refusal.getErrorDescription();
		return (description != null) ? description : "";
	}

	static JetStreamException toException(String subject, long size, JetStreamApiException refusal) {
		int code = refusal.getApiErrorCode();
		if (isAboutSequence(refusal)) {
			return new UnexpectedSequenceException(subject, refusal);
		}
		if (isAboutId(refusal)) {
			return new UnexpectedMessageIdException(subject, refusal);
		}
		if (code == STREAM) {
			return new WrongStreamException(subject, refusal);
		}
		if (isFull(refusal)) {
			return new StreamFullException(subject, refusal);
		}
		if (isTooLarge(refusal)) {
			return new MessageTooLargeException(subject, size,
					(code == 10097) ? "64 KB of headers" : "max-message-size of the stream", refusal);
		}
		if (BATCH.contains(code)) {
			return new AtomicPublishUnsupportedException(
					"The stream of subject '%s' stores no such batch all or nothing: %s [%d]. Set allow-atomic-publish: true for the stream, or publish fewer messages at once"
						.formatted(subject, text(refusal), code),
					refusal);
		}
		return new PublishRefusedException("The server refused a message to subject '%s': %s [%d]%s".formatted(subject,
				text(refusal), code, ADVICE.containsKey(code) ? ". " + ADVICE.get(code) : ""), refusal);
	}

}
