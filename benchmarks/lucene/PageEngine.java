import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.facet.FacetResult;
import org.apache.lucene.facet.FacetsCollectorManager;
import org.apache.lucene.facet.FacetsConfig;
import org.apache.lucene.facet.sortedset.DefaultSortedSetDocValuesReaderState;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesFacetCounts;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesFacetField;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesReaderState;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.queryparser.classic.MultiFieldQueryParser;
import org.apache.lucene.queryparser.classic.ParseException;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.MMapDirectory;

/** Whole pages of results: fields with boosts, facets from doc values, and the unified highlighter. */
final class PageEngine implements Engine {
  private static final String ID = "id";
  private static final String TITLE = "title";
  private static final String BODY = "body";
  private static final String[] FACETS = {"section", "year"};
  private static final float TITLE_WEIGHT = 4;
  private static final int MOST_VALUES = 100;

  private final Analyzer analyzer = new WordAnalyzer();
  private final FacetsConfig facets = new FacetsConfig();
  private final QueryParser parser =
      new MultiFieldQueryParser(new String[] {TITLE, BODY}, analyzer, Map.of(TITLE, TITLE_WEIGHT, BODY, 1f));
  private IndexSearcher searcher;
  private SortedSetDocValuesReaderState values;
  private UnifiedHighlighter highlighter;

  private record Hit(String id, String title, String snippet, float score) {}

  private record Page(List<Hit> hits, long total, List<FacetResult> facets) {}

  @Override
  public void index(Path flat, Path folder, int threads, int memoryMb, int limit) throws IOException {
    IndexWriterConfig config = new IndexWriterConfig(analyzer);
    config.setRAMBufferSizeMB(memoryMb);
    config.setMergeScheduler(new SerialMergeScheduler());
    try (FSDirectory directory = new MMapDirectory(folder);
        IndexWriter writer = new IndexWriter(directory, config);
        BufferedReader lines = Files.newBufferedReader(flat, StandardCharsets.UTF_8)) {
      int left = limit;
      for (String line = lines.readLine(); line != null && left > 0; line = lines.readLine(), left--) {
        writer.addDocument(facets.build(document(line.split("\t", -1))));
      }
      writer.commit();
    }
  }

  private static Document document(String[] columns) {
    Document document = new Document();
    document.add(new StoredField(ID, columns[0]));
    document.add(new TextField(TITLE, columns[1], Field.Store.YES));
    for (int i = 0; i < FACETS.length; i++) {
      document.add(new SortedSetDocValuesFacetField(FACETS[i], columns[2 + i]));
    }
    document.add(new Field(BODY, columns[4], withOffsets()));
    return document;
  }

  /** Offsets in the postings spare the highlighter from analysing texts again. */
  private static FieldType withOffsets() {
    FieldType type = new FieldType(TextField.TYPE_STORED);
    type.setIndexOptions(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS_AND_OFFSETS);
    type.freeze();
    return type;
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

  @Override
  public void open(Path folder) throws IOException {
    DirectoryReader reader = DirectoryReader.open(new MMapDirectory(folder));
    searcher = new IndexSearcher(reader);
    searcher.setQueryCache(null);
    values = new DefaultSortedSetDocValuesReaderState(reader, facets);
    highlighter = UnifiedHighlighter.builder(searcher, analyzer).build();
  }

  @Override
  public Query parse(String text) throws ParseException {
    return parser.parse(text);
  }

  @Override
  public Object top(Query query, int k) throws IOException {
    FacetsCollectorManager.FacetsResult found =
        FacetsCollectorManager.search(searcher, query, k, new FacetsCollectorManager());
    SortedSetDocValuesFacetCounts counts = new SortedSetDocValuesFacetCounts(values, found.facetsCollector());
    List<FacetResult> counted = new ArrayList<>();
    for (String facet : FACETS) {
      counted.add(counts.getTopChildren(MOST_VALUES, facet));
    }
    String[] snippets = highlighter.highlight(BODY, query, found.topDocs());
    StoredFields stored = searcher.storedFields();
    List<Hit> hits = new ArrayList<>();
    for (ScoreDoc hit : found.topDocs().scoreDocs) {
      Document document = stored.document(hit.doc);
      hits.add(new Hit(document.get(ID), document.get(TITLE), snippets[hits.size()], hit.score));
    }
    return new Page(hits, found.topDocs().totalHits.value(), counted);
  }

  @Override
  public Object topCounted(Query query, int k) throws IOException {
    return top(query, k);
  }

  @Override
  public int count(Query query) throws IOException {
    return (int) ((Page) top(query, 1)).total();
  }

  @Override
  public String hits(Object answer) {
    StringBuilder json = new StringBuilder("[");
    for (Hit hit : ((Page) answer).hits()) {
      json.append(json.length() == 1 ? "[" : ", [").append(Worker.quoted(hit.id())).append(", ").append(hit.score());
      json.append("]");
    }
    return json.append("]").toString();
  }
}
