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

package io.github.jetstreamspring.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * What is observed of JetStream.
 *
 * @since 0.1.0
 */
public enum JetStreamObservationDocumentation implements ObservationDocumentation {

	/**
	 * A message is published: from the first attempt to the confirmation or failure.
	 */
	PUBLISH {

		@Override
		public String getName() {
			return PUBLISH_NAME;
		}

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultPublishObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return PublishLowCardinalityKeyNames.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return PublishHighCardinalityKeyNames.values();
		}

	},

	/**
	 * A listener's handler runs for a message or a batch, interceptors included.
	 */
	PROCESS {

		@Override
		public String getName() {
			return PROCESS_NAME;
		}

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultListenerObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return ProcessLowCardinalityKeyNames.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return ProcessHighCardinalityKeyNames.values();
		}

	};

	static final String PUBLISH_NAME = "jetstream.publish";

	static final String PROCESS_NAME = "jetstream.process";

	/**
	 * The keys of {@link #PUBLISH} that have few values.
	 *
	 * @since 0.1.0
	 */
	public enum PublishLowCardinalityKeyNames implements KeyName {

		/**
		 * Always {@code nats}.
		 */
		MESSAGING_SYSTEM("messaging.system"),

		/**
		 * Always {@code send}.
		 */
		OPERATION_TYPE("messaging.operation.type"),

		/**
		 * The stream that has stored the message, or {@code none} if none has.
		 */
		DESTINATION_NAME("messaging.destination.name"),

		/**
		 * {@code stored}, {@code duplicate} or {@code failed}.
		 */
		OUTCOME("outcome"),

		/**
		 * The simple name of the exception, or {@code none}.
		 */
		EXCEPTION("exception");

		private final String key;

		PublishLowCardinalityKeyNames(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

	/**
	 * The keys of {@link #PUBLISH} that have many values.
	 *
	 * @since 0.1.0
	 */
	public enum PublishHighCardinalityKeyNames implements KeyName {

		/**
		 * The message's id.
		 */
		MESSAGE_ID("messaging.message.id"),

		/**
		 * The subject that the message is published to.
		 */
		SUBJECT("jetstream.subject"),

		/**
		 * The message's sequence in its stream, if it was stored.
		 */
		SEQUENCE("jetstream.sequence");

		private final String key;

		PublishHighCardinalityKeyNames(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

	/**
	 * The keys of {@link #PROCESS} that have few values.
	 *
	 * @since 0.1.0
	 */
	public enum ProcessLowCardinalityKeyNames implements KeyName {

		/**
		 * Always {@code nats}.
		 */
		MESSAGING_SYSTEM("messaging.system"),

		/**
		 * Always {@code process}.
		 */
		OPERATION_TYPE("messaging.operation.type"),

		/**
		 * The stream of the messages.
		 */
		DESTINATION_NAME("messaging.destination.name"),

		/**
		 * The consumer that the listener takes messages from.
		 */
		CONSUMER_GROUP_NAME("messaging.consumer.group.name"),

		/**
		 * The listener's id.
		 */
		LISTENER("jetstream.listener"),

		/**
		 * What is to become of the messages: {@code handled}, {@code retried},
		 * {@code dead-lettered} or {@code discarded}; {@code mixed} if that is not the
		 * same for all of a batch.
		 */
		OUTCOME("outcome"),

		/**
		 * The simple name of what the handler has thrown, or {@code none}.
		 */
		EXCEPTION("exception");

		private final String key;

		ProcessLowCardinalityKeyNames(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

	/**
	 * The keys of {@link #PROCESS} that have many values. A batch has the first one only.
	 *
	 * @since 0.1.0
	 */
	public enum ProcessHighCardinalityKeyNames implements KeyName {

		/**
		 * How many messages the handler has got, if it takes batches.
		 */
		BATCH_SIZE("messaging.batch.message_count"),

		/**
		 * The message's id, if it has one.
		 */
		MESSAGE_ID("messaging.message.id"),

		/**
		 * The subject that the message was published to.
		 */
		SUBJECT("jetstream.subject"),

		/**
		 * The message's sequence in its stream.
		 */
		SEQUENCE("jetstream.sequence"),

		/**
		 * Which attempt at the message it is, from 1.
		 */
		ATTEMPT("jetstream.attempt");

		private final String key;

		ProcessHighCardinalityKeyNames(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

}
