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

package io.github.jetstreamspring.listener.pull;

import io.nats.client.Message;
import io.nats.client.support.Status;

/**
 * What the server says of a request for messages, other than with a message.
 *
 * @param status what it says
 * @param request the number of the request
 * @param asked how many messages the request was for
 * @param unfilled how many messages it has not sent, if the request has ended
 */
record PullStatus(Status status, long request, int asked, int unfilled) {

	private static final int CONFLICT = 409;

	private static final int REQUEST_TIMEOUT = 408;

	/**
	 * Reads a status.
	 * @param message the message that it came as, to the subject that
	 * {@link Inbox#replyFor} has made for the request
	 * @return the status
	 */
	static PullStatus of(Message message) {
		String subject = message.getSubject();
		int count = subject.lastIndexOf('.');
		int number = subject.lastIndexOf('.', count - 1);
		String pending = (message.getHeaders() != null) ? message.getHeaders().getFirst("Nats-Pending-Messages") : null;
		int asked = Integer.parseInt(subject.substring(count + 1));
		return new PullStatus(message.getStatus(), Long.parseLong(subject.substring(number + 1, count)), asked,
				// A refused request says nothing: then all of it is unfilled
				(pending != null) ? Integer.parseInt(pending) : asked);
	}

	/**
	 * Whether the request still waits for messages.
	 */
	boolean isWaiting() {
		return this.status.isHeartbeat() || this.status.isFlowControl();
	}

	/**
	 * Whether the request has waited as long as it was to.
	 */
	boolean isExpired() {
		return this.status.getCode() == REQUEST_TIMEOUT;
	}

	/**
	 * Whether the consumer lets no more requests wait. Since 2.11.5 the server doesn't
	 * say so when a request has heartbeats.
	 */
	boolean isTooMany() {
		return this.status.getCode() == CONFLICT && Status.EXCEEDED_MAX_WAITING.equals(this.status.getMessage());
	}

	boolean isPinLost() {
		return this.status.getCode() == Status.PIN_ERROR_CODE;
	}

	/**
	 * Whether no message came, because the next one is larger than the whole request may
	 * be, not only larger than what others have left of it.
	 */
	boolean isTooSmall() {
		return isFull() && this.unfilled == this.asked;
	}

	private boolean isFull() {
		return this.status.getCode() == CONFLICT
				&& Status.MESSAGE_SIZE_EXCEEDS_MAX_BYTES.equals(this.status.getMessage());
	}

	/**
	 * Whether the request has ended as requests do when all is well.
	 */
	boolean isOrdinary() {
		return isExpired() || isPinLost() || isFull()
				|| (this.status.getCode() == CONFLICT && Status.BATCH_COMPLETED.equals(this.status.getMessage()));
	}

}
