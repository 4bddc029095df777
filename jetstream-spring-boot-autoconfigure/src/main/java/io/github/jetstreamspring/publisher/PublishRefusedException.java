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

import io.nats.client.JetStreamApiException;

/**
 * The server refused a message. It was not stored.
 *
 * @since 0.1.0
 */
public class PublishRefusedException extends JetStreamException {

	private static final long serialVersionUID = 1L;

	private final int errorCode;

	/**
	 * Creates an exception.
	 * @param message what happened and what to do about it
	 * @param refusal the server's answer
	 */
	public PublishRefusedException(String message, JetStreamApiException refusal) {
		super(message, refusal);
		this.errorCode = refusal.getApiErrorCode();
	}

	/**
	 * Returns the server's error code.
	 * @return the code, such as 10071 for a wrong last sequence
	 */
	public int getErrorCode() {
		return this.errorCode;
	}

}
