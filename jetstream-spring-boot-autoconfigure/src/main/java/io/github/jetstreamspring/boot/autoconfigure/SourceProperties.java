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

package io.github.jetstreamspring.boot.autoconfigure;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import io.nats.client.api.ConsumerSource;
import io.nats.client.api.Mirror;
import io.nats.client.api.Source;
import io.nats.client.api.SourceBase;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.util.Assert;

/**
 * A stream that another one copies messages from.
 *
 * @param name Name of the stream.
 * @param startSequence First message to copy.
 * @param startTime Time of the first message to copy.
 * @param filterSubject Subjects of the messages to copy.
 * @param domain JetStream domain that the stream is in.
 * @param external How to reach a stream of another account.
 * @param subjectTransforms How subjects are rewritten, which also filters.
 * @param consumer Durable push consumer to copy through; needs nats-server 2.14.
 * @since 0.1.0
 */
@ConfigurationPropertiesSource
public record SourceProperties(String name, @Nullable Long startSequence, @Nullable Instant startTime,
		@Nullable String filterSubject, @Nullable String domain, @Nullable External external,
		@Nullable List<SubjectTransformProperties> subjectTransforms, @Nullable Consumer consumer) {

	private static final String NONE_WORD = "none";

	private static final SourceProperties NONE = new SourceProperties(NONE_WORD, null, null, null, null, null, null,
			null);

	/**
	 * Checks that the stream has a name.
	 */
	public SourceProperties {
		Assert.hasText(name, "'name' is missing: the stream to copy from");
	}

	/**
	 * Returns what a single word stands for, as in {@code mirror: none} and
	 * {@code sources: none}.
	 * @param name name of the stream to copy from, or {@code none}
	 * @return the stream, with nothing else set
	 */
	public static SourceProperties of(String name) {
		return NONE_WORD.equalsIgnoreCase(name) ? NONE
				: new SourceProperties(name, null, null, null, null, null, null, null);
	}

	boolean isNone() {
		return this == NONE;
	}

	Mirror toMirror() {
		Mirror.Builder builder = Mirror.builder();
		apply(builder);
		return builder.build();
	}

	static Source[] toSources(List<SourceProperties> sources) {
		return sources.stream()
			.filter((source) -> !source.isNone())
			.map(SourceProperties::toSource)
			.toArray(Source[]::new);
	}

	private Source toSource() {
		Source.Builder builder = Source.builder();
		apply(builder);
		return builder.build();
	}

	private void apply(SourceBase.SourceBaseBuilder<?> builder) {
		builder.name(this.name);
		PropertyMapper map = PropertyMapper.get();
		map.from(this.startSequence).to(builder::startSeq);
		map.from(this.startTime).as((time) -> time.atZone(ZoneOffset.UTC)).to(builder::startTime);
		map.from(this.filterSubject).to(builder::filterSubject);
		map.from(this.domain).to(builder::domain);
		map.from(this.external).as(External::toConfiguration).to(builder::external);
		map.from(this.subjectTransforms)
			.as((transforms) -> transforms.stream().map(SubjectTransformProperties::toConfiguration).toList())
			.to(builder::subjectTransforms);
		map.from(this.consumer).as(Consumer::toConfiguration).to(builder::consumerSource);
	}

	/**
	 * How to reach a stream of another account.
	 *
	 * @param api Prefix of the subjects of its JetStream API.
	 * @param deliver Prefix of the subjects that its messages come on.
	 */
	public record External(String api, @Nullable String deliver) {

		/**
		 * Checks that there is a prefix.
		 */
		public External {
			Assert.hasText(api, "'api' is missing: the prefix of the other account's JetStream API");
		}

		io.nats.client.api.External toConfiguration() {
			io.nats.client.api.External.Builder builder = io.nats.client.api.External.builder().api(this.api);
			PropertyMapper.get().from(this.deliver).to(builder::deliver);
			return builder.build();
		}

	}

	/**
	 * A durable push consumer to copy through.
	 *
	 * @param name Name of the consumer.
	 * @param deliverSubject Subject that it delivers to.
	 */
	public record Consumer(String name, String deliverSubject) {

		/**
		 * Checks that both are there.
		 */
		public Consumer {
			Assert.hasText(name, "'name' is missing: the consumer to copy through");
			Assert.hasText(deliverSubject, "'deliver-subject' is missing: the subject that the consumer delivers to");
		}

		ConsumerSource toConfiguration() {
			return new ConsumerSource(this.name, this.deliverSubject);
		}

	}

}
