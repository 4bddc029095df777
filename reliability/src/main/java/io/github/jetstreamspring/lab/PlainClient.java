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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PublishOptions;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfoOptions;

/**
 * The client without this project, in the same run: what is missing of what the server
 * has confirmed to it, the server has forgotten.
 */
final class PlainClient implements AutoCloseable {

	private static final String STREAM = "plain";

	private static final long PAUSE_MILLIS = 20;

	private final Connection connection;

	private final List<Long> confirmed = new ArrayList<>();

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
				PublishAck ack = this.connection.jetStream()
					.publish(STREAM, new byte[8], PublishOptions.builder().messageId("plain-" + count++).build());
				this.confirmed.add(ack.getSeqno());
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
		JetStreamManagement management = this.connection.jetStreamManagement();
		long last = management.getStreamInfo(STREAM).getStreamState().getLastSequence();
		List<Long> deleted = management.getStreamInfo(STREAM, StreamInfoOptions.deletedDetails())
			.getStreamState()
			.getDeleted();
		return (int) this.confirmed.stream()
			.filter((sequence) -> sequence > last || deleted.contains(sequence))
			.count();
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
