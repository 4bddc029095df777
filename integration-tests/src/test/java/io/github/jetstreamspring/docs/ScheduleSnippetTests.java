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

package io.github.jetstreamspring.docs;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;

import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.github.jetstreamspring.test.TestStreams;
import io.github.jetstreamspring.topology.ScheduleDefinition;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamInfoOptions;
import io.nats.client.api.Subject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the pages say about delayed and recurring jobs, and their snippets.
 */
@NeedsServer("2.14")
@EmbeddedNats
class ScheduleSnippetTests {

	private static final Logger logger = LoggerFactory.getLogger(ScheduleSnippetTests.class);

	private EmbeddedNatsServer server;

	private ConfigurableApplicationContext context;

	private JetStreamTemplate template;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) {
		this.server = embedded;
		this.context = Snippets.run(InCode.class, "schedules.yml", "jetstream.servers=" + this.server.url());
		this.template = this.context.getBean(JetStreamTemplate.class);
	}

	@AfterEach
	void stop() {
		if (this.context != null) {
			this.context.close();
		}
		TestStreams.deleteAll(this.server);
	}

	@Test
	void recurringJobsAreOnTheServer() throws Exception {
		assertThat(schedules()).containsExactlyInAnyOrder("_schedules.reports.recurring.shop.nightly-sales",
				"_schedules.reports.recurring.shop.clean-up", "_schedules.reports.recurring.shop.stock-eu",
				"_schedules.reports.recurring.shop.stock-us");
		assertThat(header("nightly-sales", "Nats-Schedule")).isEqualTo("0 0 6 * * MON-FRI");
		assertThat(header("nightly-sales", "Nats-Schedule-Time-Zone")).isEqualTo("Europe/Berlin");
		assertThat(header("nightly-sales", "Nats-Schedule-Target")).isEqualTo("reports.sales");
		assertThat(header("clean-up", "Nats-Schedule")).isEqualTo("@every 900s");
		assertThat(header("stock-eu", "region")).isEqualTo("eu");
	}

	@Test
	void jobsForLaterCanBeReplacedAndCancelled() throws Exception {
		int before = schedules().size();
		Reminder reminder = new Reminder("o-1");
		// tag::delay[]
		this.template.message(reminder)
			.to("reports.reminder")
			.id("reminder-" + reminder.order())
			.delay(Duration.ofDays(3))
			.publish();
		// end::delay[]
		// tag::at[]
		this.template.message(reminder)
			.to("reports.reminder")
			.id("reminder-" + reminder.order())
			.deliverAt(LocalDate.now()
				.plusDays(2)
				.atTime(LocalTime.of(9, 0))
				.atZone(ZoneId.of("Europe/Berlin"))
				.toInstant())
			.publish();
		// end::at[]
		assertThat(schedules()).hasSize(before + 1).contains("_schedules.reports.delayed.reminder-o-1");
		// tag::cancel[]
		if (this.template.cancel("reminder-" + reminder.order())) {
			logger.info("Order {} is paid: no reminder", reminder.order());
		}
		// end::cancel[]
		assertThat(schedules()).hasSize(before);
		assertThat(this.template.cancel("reminder-o-1")).isFalse();
	}

	private List<String> schedules() throws Exception {
		return management().getStreamInfo("reports", StreamInfoOptions.filterSubjects("_schedules.>"))
			.getStreamState()
			.getSubjects()
			.stream()
			.map(Subject::getName)
			.map((subject) -> subject.replaceFirst("\\.[\\w-]{43}$", ""))
			.toList();
	}

	private String header(String schedule, String name) throws Exception {
		MessageInfo message = management().getLastMessage("reports",
				"_schedules.reports.recurring.shop.%s.*".formatted(schedule));
		return message.getHeaders().getFirst(name);
	}

	private JetStreamManagement management() {
		return this.context.getBean(JetStreamManagement.class);
	}

	private record Reminder(String order) {
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class InCode {

		// tag::definition[]
		@Bean
		ScheduleDefinition europeanStock() {
			return stock("eu", "Europe/Berlin");
		}

		@Bean
		ScheduleDefinition americanStock() {
			return stock("us", "America/New_York");
		}

		private static ScheduleDefinition stock(String region, String timeZone) {
			return ScheduleDefinition.named("stock-" + region)
				.subject("reports.stock")
				.header("region", region)
				.cron("@daily")
				.timeZone(timeZone)
				.build();
		}
		// end::definition[]

	}

}
