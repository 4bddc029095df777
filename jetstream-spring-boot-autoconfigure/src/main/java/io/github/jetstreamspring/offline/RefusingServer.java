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
import java.util.function.Function;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.api.StreamInfo;

/**
 * Refuses everything.
 *
 * @param refusals make the exception, of the method of the client that was called
 */
record RefusingServer(Function<String, ? extends RuntimeException> refusals) implements OfflineServer {

	@Override
	public byte[] take(Message message) {
		throw refusal("publish");
	}

	@Override
	public void subscribed(String subject) {
		throw refusal("subscribe");
	}

	@Override
	public List<StreamInfo> streams(String subject) {
		throw refusal("getStreams");
	}

	@Override
	public RuntimeException refusal(String method) {
		return this.refusals.apply(method);
	}

	@Override
	public Connection.Status status() {
		return Connection.Status.DISCONNECTED;
	}

	// Whatever its size, that is not why it can't be published
	@Override
	public long maxPayload() {
		return Long.MAX_VALUE;
	}

}
