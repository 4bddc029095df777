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

package io.github.jetstreamspring.boot.actuate;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.messaging.Inquiry;
import io.nats.client.JetStreamApiException;

/**
 * Why an endpoint can't do what it is asked: a status of HTTP, and a sentence for whoever
 * asks.
 */
final class EndpointFailure extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final int status;

	private EndpointFailure(int status, String detail) {
		super(detail);
		this.status = status;
	}

	/**
	 * The request is wrong, whenever it is made.
	 */
	static EndpointFailure badRequest(String detail) {
		return new EndpointFailure(400, detail);
	}

	/**
	 * There is no such thing.
	 */
	static EndpointFailure notFound(String detail) {
		return new EndpointFailure(404, detail);
	}

	/**
	 * The thing is in a state in which that can't be done.
	 */
	static EndpointFailure conflict(String detail) {
		return new EndpointFailure(409, detail);
	}

	/**
	 * The server has refused.
	 */
	static EndpointFailure refused(String detail) {
		return new EndpointFailure(502, detail);
	}

	/**
	 * The server can't be reached.
	 */
	static EndpointFailure unavailable(String detail) {
		return new EndpointFailure(503, detail);
	}

	/**
	 * Something that was asked of the server has failed.
	 * @param failure what was thrown, whose message says enough
	 * @return whether the server has refused or can't be reached
	 */
	static EndpointFailure ofServer(Throwable failure) {
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
	 */
	static EndpointFailure unexpected() {
		return new EndpointFailure(500, "This has failed for a reason that is in the log of the application");
	}

	int status() {
		return this.status;
	}

	String detail() {
		return String.valueOf(getMessage());
	}

	Map<String, Object> body() {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("status", this.status);
		body.put("detail", detail());
		return body;
	}

}
