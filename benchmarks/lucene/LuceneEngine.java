import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.queryparser.classic.ParseException;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.MMapDirectory;

/** Lucene as its users drive it: one field with positions, stored text, BM25, the classic query parser. */
final class LuceneEngine implements Engine {
  private static final String ID = "id";
  private static final String TEXT = "text";

  private final Analyzer analyzer = new WordAnalyzer();
  private final QueryParser parser = new QueryParser(TEXT, analyzer);
  private IndexSearcher searcher;

  @Override
  public void index(Path flat, Path folder, int threads, int memoryMb, int limit)
      throws IOException, InterruptedException {
    IndexWriterConfig config = new IndexWriterConfig(analyzer);
    config.setRAMBufferSizeMB(memoryMb);
    config.setMergeScheduler(threads == 1 ? new SerialMergeScheduler() : new ConcurrentMergeScheduler());
    try (FSDirectory directory = new MMapDirectory(folder);
        IndexWriter writer = new IndexWriter(directory, config);
        BufferedReader lines = Files.newBufferedReader(flat, StandardCharsets.UTF_8)) {
      if (threads == 1) {
        addAll(lines, writer, limit);
      } else {
        addInParallel(lines, writer, threads, limit / threads);
      }
      writer.commit();
    }
  }

  private static void addInParallel(BufferedReader lines, IndexWriter writer, int threads, int limit)
      throws IOException, InterruptedException {
    List<Thread> running = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread thread = new Thread(() -> {
        try {
          addAll(lines, writer, limit);
        } catch (IOException failure) {
          synchronized (failures) {
            failures.add(failure);
          }
        }
      });
      thread.start();
      running.add(thread);
    }
    for (Thread thread : running) {
      thread.join();
    }
    if (!failures.isEmpty()) {
      throw new IOException(failures.get(0));
    }
  }

  /** Fields are reused between documents, as Lucene's manual advises; readLine is safe to share between threads. */
  private static void addAll(BufferedReader lines, IndexWriter writer, int limit) throws IOException {
    StoredField id = new StoredField(ID, "");
    TextField text = new TextField(TEXT, "", Field.Store.YES);
    Document document = new Document();
    document.add(id);
    document.add(text);
    int left = limit;
    for (String line = lines.readLine(); line != null && left > 0; line = lines.readLine(), left--) {
      int tab = line.indexOf('\t');
      id.setStringValue(line.substring(0, tab));
      text.setStringValue(line.substring(tab + 1));
      writer.addDocument(document);
    }
  }

  @Override
  public void optimise(Path folder) throws IOException {
    IndexWriterConfig config = new IndexWriterConfig(analyzer).setMergeScheduler(new SerialMergeScheduler());
    try (FSDirectory directory = new MMapDirectory(folder);
        IndexWriter writer = new IndexWriter(directory, config)) {
      writer.forceMerge(1);
      writer.commit();
    }
  }

  /** The query cache would answer repeated queries without running them. */
  @Override
  public void open(Path folder) throws IOException {
    searcher = new IndexSearcher(DirectoryReader.open(new MMapDirectory(folder)));
    searcher.setQueryCache(null);
  }

  @Override
  public Query parse(String text) throws ParseException {
    return parser.parse(text);
  }

  /** Stops counting matches as soon as k are known, where Lucene's own shortcut goes on to a thousand. */
  @Override
  public TopDocs top(Query query, int k) throws IOException {
    return searcher.search(query, new TopScoreDocCollectorManager(k, null, k));
  }

  @Override
  public TopDocs topCounted(Query query, int k) throws IOException {
    return searcher.search(query, new TopScoreDocCollectorManager(k, null, Integer.MAX_VALUE));
  }

  @Override
  public int count(Query query) throws IOException {
    return searcher.count(query);
  }

  @Override
  public String hits(Object answer) throws IOException {
    StoredFields stored = searcher.storedFields();
    StringBuilder json = new StringBuilder("[");
    for (ScoreDoc hit : ((TopDocs) answer).scoreDocs) {
      String id = stored.document(hit.doc).get(ID);
      json.append(json.length() == 1 ? "" : ", ").append("[").append(Worker.quoted(id)).append(", ").append(hit.score);
      json.append("]");
    }
    return json.append("]").toString();
  }
}
