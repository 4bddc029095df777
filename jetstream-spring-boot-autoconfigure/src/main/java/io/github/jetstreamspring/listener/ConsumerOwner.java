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

package io.github.jetstreamspring.listener;

import io.github.jetstreamspring.listener.pull.PullSource;
import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

/**
 * What all owners of the deliveries of a consumer say alike, whoever receives them.
 */
abstract class ConsumerOwner implements DeliveryOwner {

	private final String stream;

	private final String consumer;

	private final String firstAttempt;

	private final Settler settler;

	private final RetrySeals seals;

	private final ReplyAddresses replyAddresses;

	/**
	 * Creates an owner.
	 * @param definition the listener
	 * @param source where the messages come from
	 * @param settler carries out the verbs of the deliveries
	 * @param seals tell what is known of messages from before
	 * @param replyAddresses tell where replies may be sent
	 */
	ConsumerOwner(ListenerDefinition definition, PullSource source, Settler settler, RetrySeals seals,
			ReplyAddresses replyAddresses) {
		this.stream = definition.stream();
		this.consumer = definition.consumer();
		this.firstAttempt = "$JS.ACK." + source.stream() + "." + source.consumer() + ".1.";
		this.settler = settler;
		this.seals = seals;
		this.replyAddresses = replyAddresses;
	}

	@Override
	public Settler settler() {
		return this.settler;
	}

	@Override
	public String stream() {
		return this.stream;
	}

	@Override
	public String consumer() {
		return this.consumer;
	}

	@Override
	public String firstAttempt() {
		return this.firstAttempt;
	}

	@Override
	public RetryHistory history(Message message) {
		return this.seals.read(message);
	}

	@Override
	public boolean hasDeleteMarkers() {
		return this.seals.hasDeleteMarkers();
	}

	@Override
	public @Nullable String replyTo(ReceivedDelivery delivery) {
		return this.replyAddresses.of(delivery);
	}

	@Override
	public void extended() {
		this.settler.extended();
	}

}
