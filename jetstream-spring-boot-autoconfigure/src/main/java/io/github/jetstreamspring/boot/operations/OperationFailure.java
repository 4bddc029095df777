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

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.messaging.Inquiry;
import io.nats.client.JetStreamApiException;

/**
 * Why something can't be done that a person has asked for: a status of HTTP, and a
 * sentence for whoever asks.
 *
 * @since 0.1.0
 */
public final class OperationFailure extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private static final int MAX_LENGTH = 2000;

	private final int status;

	private OperationFailure(int status, String detail) {
		super(shortened(detail));
		this.status = status;
	}

	/**
	 * Cuts what may be as long as somebody outside wants it to be.
	 */
	static String shortened(String text) {
		if (text.length() <= MAX_LENGTH) {
			return text;
		}
		int end = Character.isHighSurrogate(text.charAt(MAX_LENGTH - 1)) ? MAX_LENGTH - 1 : MAX_LENGTH;
		return text.substring(0, end) + "...";
	}

	/**
	 * The request is wrong, whenever it is made.
	 * @param detail what is wrong, and what would be right
	 * @return the failure
	 */
	public static OperationFailure badRequest(String detail) {
		return new OperationFailure(400, detail);
	}

	/**
	 * There is no such thing.
	 * @param detail what there isn't
	 * @return the failure
	 */
	public static OperationFailure notFound(String detail) {
		return new OperationFailure(404, detail);
	}

	/**
	 * The thing is in a state in which that can't be done.
	 * @param detail why it can't, and what to do about it
	 * @return the failure
	 */
	public static OperationFailure conflict(String detail) {
		return new OperationFailure(409, detail);
	}

	/**
	 * Too many ask for it at once.
	 * @param detail what they ask for, and what to do about it
	 * @return the failure
	 */
	public static OperationFailure tooMany(String detail) {
		return new OperationFailure(429, detail);
	}

	/**
	 * The server has refused.
	 * @param detail what was refused, and why
	 * @return the failure
	 */
	public static OperationFailure refused(String detail) {
		return new OperationFailure(502, detail);
	}

	/**
	 * The server can't be reached.
	 * @param detail what isn't possible
	 * @return the failure
	 */
	public static OperationFailure unavailable(String detail) {
		return new OperationFailure(503, detail);
	}

	/**
	 * Something that was asked of the server has failed.
	 * @param failure what was thrown, whose message says enough
	 * @return a failure that says whether the server has refused or can't be reached
	 */
	public static OperationFailure ofServer(Throwable failure) {
		String detail = String.valueOf(Failures.readable(failure).getMessage());
		for (Throwable cause : Failures.causes(failure)) {
			if (cause instanceof JetStreamApiException || cause instanceof Inquiry.ForbiddenException) {
				return refused(detail);
			}
			if (cause instanceof IOException) {
				return unavailable(detail);
			}
		}
		return refused(detail);
	}

	/**
	 * Something has failed that shouldn't, and is in the log.
	 * @return the failure
	 */
	public static OperationFailure unexpected() {
		return new OperationFailure(500, "This has failed for a reason that is in the log of the application");
	}

	/**
	 * Returns the status.
	 * @return a status of HTTP
	 */
	public int status() {
		return this.status;
	}

	String detail() {
		return String.valueOf(getMessage());
	}

	/**
	 * Returns what to answer.
	 * @return {@code status} and {@code detail}
	 */
	public Map<String, Object> body() {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("status", this.status);
		body.put("detail", detail());
		return body;
	}

}
