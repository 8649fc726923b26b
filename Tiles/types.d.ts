/** What browsers have and the compiler's own library does not know yet. */
declare class DecompressionStream implements GenericTransformStream {
  constructor(format: "gzip" | "deflate" | "deflate-raw");
  readonly readable: ReadableStream;
  readonly writable: WritableStream;
}

/** The part of MapLibre GL JS 5 that the client uses: a classic script that sets a global. Positions: longitude, latitude in degrees. */
declare namespace maplibregl {
  type Place = [number, number];
  interface Feature { id?: number; properties: Record<string, any>; geometry: { type: string; coordinates: any } }
  interface Padding { top: number; bottom: number; left: number; right: number }
  interface Picture { width: number; height: number; data: Uint8Array | Uint8ClampedArray }
  interface Style { version: number; metadata: Record<string, any>; sources: Record<string, any>; layers: any[] }
  interface Source { setUrl(address: string): this; setData(data: object): this }
  interface Control { onAdd(map: Map): HTMLElement; onRemove(): void }
  interface Target { source: string; sourceLayer: string; id?: number }
  interface CameraOptions { center?: Place | LngLat; zoom?: number }
  interface MapEvent { features: Feature[]; lngLat: LngLat; id: string; sourceId: string; error: Error }

  class LngLat {
    constructor(lng: number, lat: number);
    lng: number;
    lat: number;
    /** Metres. */
    distanceTo(other: LngLat): number;
  }
  class LngLatBounds {
    constructor();
    extend(place: Place | LngLat): this;
    contains(place: Place | LngLat): boolean;
    getWest(): number;
    getEast(): number;
    getSouth(): number;
    getNorth(): number;
  }
  class NavigationControl implements Control { constructor(options: object); onAdd(map: Map): HTMLElement; onRemove(): void }
  class ScaleControl implements Control { constructor(options: object); onAdd(map: Map): HTMLElement; onRemove(): void }
  class Marker {
    constructor(options: { element: HTMLElement });
    setLngLat(place: Place | LngLat): this;
    getLngLat(): LngLat;
    addTo(map: Map): this;
    remove(): this;
    getElement(): HTMLElement;
  }
  class Popup {
    constructor(options: object);
    setLngLat(place: Place | LngLat): this;
    setDOMContent(content: Node): this;
    addTo(map: Map): this;
    remove(): this;
    getElement(): HTMLElement;
    on(event: "close", listener: () => void): this;
  }
  class Map {
    constructor(options: object);
    touchZoomRotate: { disableRotation(): void };
    keyboard: { disableRotation(): void };
    addControl(control: Control, corner: string): this;
    addSource(id: string, source: object): this;
    getSource(id: string): Source | undefined;
    isSourceLoaded(id: string): boolean;
    querySourceFeatures(id: string, options: { sourceLayer: string }): Feature[];
    addLayer(layer: object, before?: string): this;
    getLayer(id: string): object | undefined;
    removeLayer(id: string): this;
    removeSource(id: string): this;
    setPaintProperty(layer: string, name: string, value: any): this;
    setFilter(layer: string, filter: any): this;
    addImage(id: string, picture: Picture, options: { pixelRatio: number }): this;
    setStyle(style: Style, options: object): this;
    setFeatureState(target: Target, state: Record<string, boolean>): void;
    removeFeatureState(target: Target): void;
    loaded(): boolean;
    resize(): this;
    getCanvas(): HTMLCanvasElement;
    getCenter(): LngLat;
    getZoom(): number;
    getBounds(): LngLatBounds;
    fitBounds(box: [Place, Place], options: object): this;
    cameraForBounds(box: LngLatBounds, options: object): { center: LngLat; zoom: number } | undefined;
    jumpTo(options: CameraOptions): this;
    easeTo(options: CameraOptions): this;
    panTo(place: Place | LngLat): this;
    panBy(offset: [number, number]): this;
    on(event: string, listener: (event: MapEvent) => void): this;
    on(event: string, layer: string, listener: (event: MapEvent) => void): this;
    once(event: string, listener: (event: MapEvent) => void): this;
  }
  function addProtocol(name: string, load: (request: { url: string }) => Promise<{ data: any }>): void;
}
