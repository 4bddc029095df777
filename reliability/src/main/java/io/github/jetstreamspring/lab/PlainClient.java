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

package io.github.jetstreamspring.lab;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PublishOptions;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamConfiguration;

/**
 * The client without this project, in the same run: what is missing of what the server
 * has confirmed to it, the server has forgotten.
 */
final class PlainClient implements AutoCloseable {

	private static final String STREAM = "plain";

	private static final long PAUSE_MILLIS = 20;

	private final Connection connection;

	private final Set<String> confirmed = ConcurrentHashMap.newKeySet();

	private final Thread thread = new Thread(this::publish, "plain-client");

	private volatile boolean ended;

	PlainClient(List<String> urls, int replicas) throws Exception {
		this.connection = Nats.connect(Options.builder()
			.servers(urls.toArray(String[]::new))
			.maxReconnects(-1)
			.reconnectWait(Duration.ofMillis(100))
			.connectionTimeout(Duration.ofSeconds(5))
			.build());
		this.connection.jetStreamManagement()
			.addStream(StreamConfiguration.builder().name(STREAM).subjects(STREAM).replicas(replicas).build());
		this.thread.setDaemon(true);
		this.thread.start();
	}

	private void publish() {
		int count = 0;
		while (!this.ended) {
			try {
				String id = "plain-" + count++;
				this.connection.jetStream()
					.publish(STREAM, new byte[8], PublishOptions.builder().messageId(id).build());
				this.confirmed.add(id);
				TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
			}
			catch (InterruptedException ex) {
				return;
			}
			catch (Exception ex) {
				// Not confirmed, and so none of those that count
			}
		}
	}

	/**
	 * Publishes no more.
	 * @return how many confirmed messages are not in the stream
	 */
	int forgotten() throws Exception {
		this.ended = true;
		this.thread.join(TimeUnit.SECONDS.toMillis(10));
		Set<String> stored = new HashSet<>();
		for (MessageInfo message : Leftovers.messages(this.connection.jetStreamManagement(), STREAM)) {
			stored.add(message.getHeaders().getFirst("Nats-Msg-Id"));
		}
		return forgotten(this.confirmed, stored);
	}

	/**
	 * Compares ids, as a new leader uses the sequences again of what it has forgotten.
	 * @param confirmed the ids of what was confirmed
	 * @param stored the ids of what is in the stream
	 */
	static int forgotten(Set<String> confirmed, Set<String> stored) {
		return (int) confirmed.stream().filter((id) -> !stored.contains(id)).count();
	}

	@Override
	public void close() {
		this.ended = true;
		this.thread.interrupt();
		try {
			this.connection.close();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
