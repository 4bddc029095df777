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

package io.github.jetstreamspring.deadletter;

import java.time.Duration;

import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishObserver;
import io.github.jetstreamspring.publisher.PublisherOptions;
import io.github.jetstreamspring.wire.GuardedConnections;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;

import org.springframework.messaging.converter.StringMessageConverter;

/**
 * Redrives all dead letters, or discards those of a consumer, in a process that can be
 * killed.
 */
final class RedriveProcess {

	private RedriveProcess() {
	}

	public static void main(String[] args) throws Exception {
		Connection connection = Nats.connect(GuardedConnections.guarded(Options.builder().server(args[0]).build()));
		JetStreamTemplate template = new JetStreamTemplate(connection, new StringMessageConverter(),
				new PublisherOptions(Duration.ofSeconds(5), 1000), PublishObserver.NONE);
		DeadLetters letters = DeadLetters.of(template, "dead-letters", "dead-letters");
		System.out.println((args.length > 1) ? letters.discard(DeadLetterQuery.all().consumer(args[1]))
				: letters.redrive(DeadLetterQuery.all(), RedriveOptions.defaults()));
		template.destroy();
		connection.close();
	}

}
