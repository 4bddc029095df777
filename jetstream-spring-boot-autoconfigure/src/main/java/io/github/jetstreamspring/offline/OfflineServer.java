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

package io.github.jetstreamspring.offline;

import java.util.List;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.api.StreamInfo;
import org.jspecify.annotations.Nullable;

/**
 * What stands in for a server. Its methods are called by any thread.
 *
 * @since 0.1.0
 */
public interface OfflineServer {

	/**
	 * Takes what is published.
	 * @param message the message
	 * @return the payload of the answer, or {@code null} if there is none
	 * @throws RuntimeException if it is refused
	 */
	byte @Nullable [] take(Message message);

	/**
	 * Somebody subscribes, to whom the answers to his own messages come then.
	 * @param subject the subject
	 * @throws RuntimeException if that is refused
	 */
	void subscribed(String subject);

	/**
	 * Returns the streams that listen on a subject.
	 * @param subject the subject, which may have wildcards
	 * @return the streams
	 * @throws RuntimeException if that is refused
	 */
	List<StreamInfo> streams(String subject);

	/**
	 * Returns what is thrown by everything else that needs a server.
	 * @param method the method of the client that was called
	 * @return the exception, which says what to do
	 */
	RuntimeException refusal(String method);

	/**
	 * Returns how the connection looks.
	 * @return its status
	 */
	Connection.Status status();

	/**
	 * Returns how large a message may be.
	 * @return the number of bytes
	 */
	long maxPayload();

}
