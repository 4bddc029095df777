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

package io.github.jetstreamspring.boot.operations;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

import io.github.jetstreamspring.deadletter.DeadLetterSummary;
import io.github.jetstreamspring.deadletter.PayloadRedactor;
import io.github.jetstreamspring.deadletter.RedriveFailure;
import io.github.jetstreamspring.deadletter.RedriveResult;
import io.github.jetstreamspring.deadletter.StoredDeadLetter;
import io.github.jetstreamspring.guard.Failures;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Describes dead letters, with payloads and values of headers only where they may be
 * seen, and only what a {@link PayloadRedactor} leaves of them.
 */
final class DeadLetterDescriptions {

	static final PayloadRedactor AS_IT_IS = new PayloadRedactor() {

		@Override
		public byte[] payload(StoredDeadLetter letter) {
			return letter.payload();
		}

		@Override
		public String header(String name, String value) {
			return value;
		}

	};

	private static final Log logger = LogFactory.getLog(DeadLetterDescriptions.class);

	static final String HIDDEN = "******";

	private static final int MAX_PAYLOAD = 64 * 1024;

	private final PayloadRedactor redactor;

	DeadLetterDescriptions(PayloadRedactor redactor) {
		this.redactor = redactor;
	}

	/**
	 * Describes a letter among others.
	 */
	Description brief(StoredDeadLetter letter) {
		return new Description().add("sequence", letter.sequence())
			.add("originalStream", letter.originalStream())
			.add("originalSubject", letter.originalSubject())
			.add("originalSequence", (letter.originalSequence() > 0) ? letter.originalSequence() : null)
			.add("consumer", letter.consumer())
			.add("messageId", letter.messageId())
			.add("publishedAt", letter.publishedAt())
			.add("attempts", (letter.attempts() > 0) ? letter.attempts() : null)
			.add("reason", letter.reason())
			.add("exception", letter.exception())
			.add("exceptionMessage", letter.exceptionMessage())
			.add("time", letter.time())
			.add("redrives", letter.redrives());
	}

	/**
	 * Describes a letter with headers and payload.
	 * @param shown whether payload and values of headers may be seen
	 */
	Description whole(StoredDeadLetter letter, boolean shown) {
		return addContent(brief(letter), letter, shown);
	}

	/**
	 * Adds headers and payload.
	 * @param shown whether payload and values of headers may be seen
	 */
	Description addContent(Description whole, StoredDeadLetter letter, boolean shown) {
		Description headers = new Description();
		letter.headers().forEach((name, values) -> headers.add(name, values(name, values, shown)));
		whole.add("headers", headers);
		byte[] payload = shown ? payload(letter) : null;
		if (payload == null) {
			whole.add("payloadText", HIDDEN);
		}
		else {
			addPayload(whole, payload);
		}
		return whole.add("payloadSize", letter.payload().length)
			.add("payloadTruncated", payload != null && payload.length > MAX_PAYLOAD);
	}

	private List<String> values(String name, List<String> values, boolean shown) {
		return values.stream().map((value) -> shown ? header(name, value) : HIDDEN).toList();
	}

	/**
	 * Returns whether a header is shown as it is.
	 * @param header name and value, as in {@code tenant:acme}
	 */
	boolean isShown(String header) {
		int colon = header.indexOf(':');
		String value = header.substring(colon + 1).strip();
		return value.equals(header(header.substring(0, colon).strip(), value));
	}

	private String header(String name, String value) {
		try {
			@Nullable String redacted = this.redactor.header(name, value);
			return (redacted != null) ? redacted : HIDDEN;
		}
		catch (Throwable ex) {
			failed(ex);
			return HIDDEN;
		}
	}

	private byte @Nullable [] payload(StoredDeadLetter letter) {
		try {
			return this.redactor.payload(letter);
		}
		catch (Throwable ex) {
			failed(ex);
			return null;
		}
	}

	private static void failed(Throwable failure) {
		// Whatever it says may be what must not be seen
		logger.warn("The PayloadRedactor failed with %s, so nothing is shown"
			.formatted(Failures.readable(failure).getClass().getName()));
	}

	private static void addPayload(Description letter, byte[] payload) {
		int end = Math.min(payload.length, MAX_PAYLOAD);
		String text = text(payload, end);
		if (text != null) {
			letter.add("payloadText", text);
		}
		else {
			letter.add("payloadBase64", Base64.getEncoder().encodeToString(Arrays.copyOf(payload, end)));
		}
	}

	private static @Nullable String text(byte[] payload, int end) {
		int whole = end;
		if (end < payload.length) {
			// Not in the middle of a character
			while (whole > 0 && (payload[whole] & 0xC0) == 0x80) {
				whole--;
			}
		}
		try {
			CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload, 0, whole));
			return text.toString();
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

	Description summary(DeadLetterSummary summary) {
		List<Object> groups = summary.groups().stream().map(DeadLetterDescriptions::group).toList();
		return new Description().add("total", summary.total()).add("groups", groups);
	}

	private static Object group(DeadLetterSummary.Group group) {
		return new Description().add("stream", group.stream())
			.add("consumer", group.consumer())
			.add("exception", group.exception())
			.add("reason", group.reason())
			.add("count", group.count())
			.add("first", group.first())
			.add("last", group.last())
			.toMap();
	}

	Description result(RedriveResult result) {
		return new Description().add("matched", result.matched())
			.add("redriven", result.redriven())
			.add("failed", result.failed())
			.add("failures", result.failures().stream().map(DeadLetterDescriptions::failure).toList())
			.add("remaining", result.remaining());
	}

	private static Object failure(RedriveFailure failure) {
		return new Description().add("sequence", failure.sequence()).add("reason", failure.reason()).toMap();
	}

}
